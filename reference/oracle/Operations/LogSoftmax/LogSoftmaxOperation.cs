using static Conformance.Oracle.Operations.SoftmaxTerms;

namespace Conformance.Oracle.Operations;

/// <summary>log_softmax as PyTorch defines it: y = x − max − log Σ e^(x − max) along dim, dx = dy − e^y·Σ dy.</summary>
public sealed class LogSoftmaxOperation() : RowOperation(LogSoftmaxFormula.Value, LogSoftmaxFormula.Backward)
{
    public override string Name => "log_softmax";

    public override IReadOnlyList<Defect> Defects => LogSoftmaxDefects.All;

    /// <summary>
    /// The error of an output comes from the rounding of x, max and logsumexp, and from the relative error of the sum of n exponentials, which is an
    /// absolute error of its logarithm. The relative error of the gradient's e^y is the absolute error of y. Calibrated over 100 draws of each of
    /// eight shapes, from 1×3 to 3×500, and numbers up to ±1000: naive float32 loops, x − max − log Σ and x − logsumexp, reach 0.24 of the
    /// tolerance.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected) => BoundRows(layerCase, expected, (x, y, dy) =>
    {
        var max = Max(x);
        var lse = max - y[Array.IndexOf(x, max)];
        double[] off = [.. x.Select(value => double.IsFinite(value) ? 4 * (Math.Abs(value) + Math.Abs(max) + Math.Abs(lse)) + x.Length + 8 : 0)];
        var sum = dy.Sum(Math.Abs);
        return (off, [.. y.Select((value, i) => Math.Exp(value) * (off[i] + 8) * sum)]);
    });

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainSoftmax.LogSoftmax(layerCase, order);
}
