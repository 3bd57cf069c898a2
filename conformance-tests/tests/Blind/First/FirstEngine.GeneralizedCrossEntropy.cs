using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult GeneralizedCrossEntropy(LayerCase layerCase)
    {
        var rows = Rows(layerCase);
        var q = Number(layerCase.Attributes, "q", 0.7);
        if (!(q > 0 && q <= 1))
            throw new ArgumentException("q must be above 0 and at most 1");
        var (losses, dx) = (new float[rows.N], new float[rows.X.Length]);
        for (var n = 0; n < rows.N; n++)
            if (rows.Counts(n))
                GeneralizedRow(rows, n, q, losses, dx);
        return Reduced(layerCase, rows, losses, dx);
    }

    protected virtual void GeneralizedRow(FirstRows rows, int n, float q, float[] losses, float[] dx)
    {
        var logs = LogSoftmaxRow(rows.Row(n));
        var power = MathF.Exp(q * logs[rows.Target[n]]);
        losses[n] = (1 - power) / q * rows.WeightOf(n);
        for (var c = 0; c < rows.C; c++)
            dx[n * rows.C + c] = power * (MathF.Exp(logs[c]) - (c == rows.Target[n] ? 1 : 0)) * rows.WeightOf(n);
    }
}
