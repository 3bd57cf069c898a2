using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>log_softmax as PyTorch defines it: y = x − max − log Σ e^(x − max) along dim, dx = dy − e^y·Σ dy.</summary>
public sealed class LogSoftmax() : SoftmaxOperation((shifted, _, sum) => shifted - Math.Log(sum), Backward)
{
    public override string Name => "log_softmax";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Gradient("log_softmax.sum-missing",
            "the gradient passes unchanged: the row's sum is missing",
            "dx = dy − e^y·Σ dy",
            (_, dy) => dy),
        Gradient("log_softmax.softmax-missing",
            "the row's Σ dy is taken off without its weight e^y",
            "dx = dy − e^y·Σ dy",
            (_, dy) => [.. dy.Select(value => value - dy.Sum())]),
        Gradient("log_softmax.diagonal-only",
            "the Jacobian's diagonal alone: dx = (1 − e^y)·dy",
            "every y depends on every x of its row: dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select((value, i) => (1 - Math.Exp(y[i])) * value)]),
        Gradient("log_softmax.weighted-sum",
            "the sum is weighted by e^y as softmax's is: dx = dy − Σ e^y·dy",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select(value => value - dy.Select((other, j) => Math.Exp(y[j]) * other).Sum())]),
        Gradient("log_softmax.gradient-sign",
            "the gradient has the wrong sign: e^y·Σ dy − dy",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. Backward(y, dy).Select(value => -value)]),
        Gradient("log_softmax.exp-missing",
            "the gradient weights the sum by y, the logarithm, instead of e^y",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select((value, i) => value - y[i] * dy.Sum())]),
        new TermDefect<SoftmaxTerms>("log_softmax.log-of-softmax", Passes.Forward | Passes.InputGradient, LossEdge,
            "the logarithm of the softmax: far below the maximum the softmax is 0, and its logarithm −∞",
            "compute x − max − log Σ e^(x − max)",
            terms => terms with { Value = (_, exp, sum) => Math.Log((float)(exp / sum)) }),
        new TermDefect<SoftmaxTerms>("log_softmax.epsilon-in-the-logarithm", Passes.Forward | Passes.InputGradient, LossEdge,
            "a small number is added before the logarithm, log(softmax + 1e-7), which flattens everything below it",
            "compute x − max − log Σ e^(x − max), which needs none",
            terms => terms with { Value = (_, exp, sum) => Math.Log(exp / sum + 1e-7) }),
        .. RowDefects("log_softmax"),
    ];

    /// <summary>
    /// An output is off by what the rounding of x, max and logsumexp does, and by the relative error of the sum of n exponentials, which is an absolute one of
    /// its logarithm. The gradient's e^y is off by a multiple of itself, which is what y is off by. Calibrated over 100 draws of each of eight shapes, from 1×3
    /// to 3×500, and numbers up to ±1000: naive float32 loops, x − max − log Σ and x − logsumexp, reach 0.24 of the tolerance.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected, LayerResult float32) => BoundRows(layerCase, expected, (x, y, dy) =>
    {
        var max = Max(x);
        var lse = max - y[Array.IndexOf(x, max)];
        double[] off = [.. x.Select(value => double.IsFinite(value) ? 4 * (Math.Abs(value) + Math.Abs(max) + Math.Abs(lse)) + x.Length + 8 : 0)];
        var sum = dy.Sum(Math.Abs);
        return (off, [.. y.Select((value, i) => Math.Exp(value) * (off[i] + 8) * sum)]);
    });

    private static double[] Backward(double[] y, double[] dy)
    {
        var sum = dy.Sum();
        return [.. dy.Select((value, i) => value - Math.Exp(y[i]) * sum)];
    }
}
