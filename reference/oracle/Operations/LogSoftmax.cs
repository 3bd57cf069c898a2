using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>log_softmax as PyTorch defines it: y = x − max − log Σ e^(x − max) along dim, dx = dy − e^y·Σ dy.</summary>
public sealed class LogSoftmax() : SoftmaxOperation(of => of.Shifted - Math.Log(of.Sum), Backward)
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
            terms => terms with { Value = of => Math.Log((float)(of.Exp / of.Sum)) }),
        new TermDefect<SoftmaxTerms>("log_softmax.epsilon-in-the-logarithm", Passes.Forward | Passes.InputGradient, LossEdge,
            "a small number is added before the logarithm, log(softmax + 1e-7), which flattens everything below it",
            "compute x − max − log Σ e^(x − max), which needs none",
            terms => terms with { Value = of => Math.Log(of.Exp / of.Sum + 1e-7) }),
        .. RowDefects("log_softmax"),
        Gradient("log_softmax.cotangent-by-one-minus-softmax",
            "the gradient is 1 − e^y: what arrives from above is taken for a single 1",
            "dx = dy − e^y·Σ dy",
            (y, _) => [.. y.Select(value => 1 - Math.Exp(value))]),
        Gradient("log_softmax.sum-taken-for-one",
            "the gradient is dy − e^y, as if dy were a label whose sum is 1",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select((value, i) => value - Math.Exp(y[i]))]),
        Gradient("log_softmax.as-with-cross-entropy",
            "the gradient is e^y − dy, that of cross entropy for a label dy",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select((value, i) => Math.Exp(y[i]) - value)]),
        Gradient("log_softmax.mean-for-sum",
            "e^y weighs the row's mean of dy, not its sum",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select((value, i) => value - Math.Exp(y[i]) * dy.Average())]),
        Gradient("log_softmax.sum-added",
            "the gradient is dy + e^y·Σ dy",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select((value, i) => value + Math.Exp(y[i]) * dy.Sum())]),
        Gradient("log_softmax.gradient-of-softmax",
            "the gradient is softmax's: e^y·(dy − Σ e^y·dy)",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select((value, i) => Math.Exp(y[i]) * (value - dy.Select((other, j) => Math.Exp(y[j]) * other).Sum()))]),
        Gradient("log_softmax.multiplied-by-softmax",
            "the whole gradient is multiplied by e^y once more",
            "dx = dy − e^y·Σ dy",
            (y, dy) => [.. Backward(y, dy).Select((value, i) => Math.Exp(y[i]) * value)]),
        Gradient("log_softmax.divided-by-softmax",
            "the gradient is that of the logarithm alone: dy/e^y",
            "go through the softmax too: dx = dy − e^y·Σ dy",
            (y, dy) => [.. dy.Select((value, i) => value / Math.Exp(y[i]))]),
        Forward("log_softmax.maximum-not-in-the-logarithm",
            "y is x − log Σ e^(x − max): the maximum is taken off in the sum alone",
            "take it off x too: x − max − log Σ e^(x − max)",
            of => of.X - Math.Log(of.Sum)),
        Forward("log_softmax.maximum-twice",
            "the maximum is taken off twice: x − 2·max − log Σ e^(x − max)",
            "take it off once",
            of => of.Shifted - (of.X - of.Shifted) - Math.Log(of.Sum)),
        Forward("log_softmax.negative",
            "the negative log-likelihood is answered: log Σ − (x − max)",
            "y = x − max − log Σ e^(x − max), which is never above 0",
            of => Math.Log(of.Sum) - of.Shifted),
        Forward("log_softmax.logarithm-to-base-two",
            "the logarithm of the sum is to base 2",
            "take the natural logarithm",
            of => of.Shifted - Math.Log2(of.Sum)),
        Forward("log_softmax.logarithm-to-base-ten",
            "the logarithm of the sum is to base 10",
            "take the natural logarithm",
            of => of.Shifted - Math.Log10(of.Sum)),
        Forward("log_softmax.sum-without-logarithm",
            "the sum is taken off without its logarithm",
            "y = x − max − log Σ e^(x − max)",
            of => of.Shifted - of.Sum),
        Forward("log_softmax.logarithm-of-the-mean",
            "the logarithm is that of the exponentials' mean",
            "take that of their sum",
            of => of.Shifted - Math.Log(of.Sum / of.Length)),
        Forward("log_softmax.logarithm-of-one-more",
            "1 is added to the sum, as log1p does",
            "take the logarithm of the sum alone",
            of => of.Shifted - Math.Log(1 + of.Sum)),
        Forward("log_softmax.softmax",
            "the softmax is answered, without its logarithm",
            "y = x − max − log Σ e^(x − max)",
            of => of.Exp / of.Sum),
    ];

    /// <summary>
    /// An output is off by what the rounding of x, max and logsumexp does, and by the relative error of the sum of n exponentials, which is an absolute one of
    /// its logarithm. The gradient's e^y is off by a multiple of itself, which is what y is off by. Calibrated over 100 draws of each of eight shapes, from 1×3
    /// to 3×500, and numbers up to ±1000: naive float32 loops, x − max − log Σ and x − logsumexp, reach 0.24 of the tolerance.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected) => BoundRows(layerCase, expected, (x, y, dy) =>
    {
        var max = Max(x);
        var lse = max - y[Array.IndexOf(x, max)];
        double[] off = [.. x.Select(value => double.IsFinite(value) ? 4 * (Math.Abs(value) + Math.Abs(max) + Math.Abs(lse)) + x.Length + 8 : 0)];
        var sum = dy.Sum(Math.Abs);
        return (off, [.. y.Select((value, i) => Math.Exp(value) * (off[i] + 8) * sum)]);
    });

    private static TermDefect<SoftmaxTerms> Forward(string id, string mistake, string mend, Func<SoftmaxElement, double> value) =>
        new(id, Passes.Forward | Passes.InputGradient, Formula, mistake, mend, terms => terms with { Value = value });

    private static double[] Backward(double[] y, double[] dy)
    {
        var sum = dy.Sum();
        return [.. dy.Select((value, i) => value - Math.Exp(y[i]) * sum)];
    }
}
