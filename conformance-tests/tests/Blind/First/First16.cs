using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First16 : FirstEngine
{
    public override string Name => "first-16";

    protected override LayerResult NllReduced(LayerCase layerCase, FirstRows rows, float[] losses, float[] dx)
    {
        if (rows.Reduction != "mean")
            return Reduced(layerCase, rows, losses, dx);
        var count = Enumerable.Range(0, rows.N).Count(rows.Counts);
        var loss = losses.Sum() / count;
        for (var n = 0; n < rows.N; n++)
            if (rows.Counts(n))
                dx[n * rows.C + rows.Target[n]] /= count;
        return Result(Tensor([], [loss]), Tensor([rows.N, rows.C], dx));
    }
}
