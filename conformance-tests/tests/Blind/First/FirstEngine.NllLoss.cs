using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult NllLoss(LayerCase layerCase)
    {
        var rows = Rows(layerCase);
        var (losses, dx) = (new float[rows.N], new float[rows.X.Length]);
        for (var n = 0; n < rows.N; n++)
            if (rows.Counts(n))
            {
                var at = n * rows.C + rows.Target[n];
                losses[n] = -rows.X[at] * rows.WeightOf(n);
                dx[at] = -rows.WeightOf(n);
            }
        return NllReduced(layerCase, rows, losses, dx);
    }

    protected virtual LayerResult NllReduced(LayerCase layerCase, FirstRows rows, float[] losses, float[] dx) => Reduced(layerCase, rows, losses, dx);
}
