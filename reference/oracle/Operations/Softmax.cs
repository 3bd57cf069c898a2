namespace Conformance.Oracle.Operations;

/// <summary>softmax as PyTorch defines it: y = e^(x − max) / Σ e^(x − max) along dim, dx = y·(dy − Σ y·dy).</summary>
public sealed class Softmax() : SoftmaxOperation(of => of.Exp / of.Sum, Backward)
{
    public override string Name => "softmax";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Gradient("softmax.diagonal-only",
            "the Jacobian's diagonal alone: dx = y·(1 − y)·dy",
            "every y depends on every x of its row: dx = y·(dy − Σ y·dy)",
            (y, dy) => [.. y.Select((value, i) => value * (1 - value) * dy[i])]),
        Gradient("softmax.sum-missing",
            "the gradient is y·dy",
            "take the row's Σ y·dy off dy first",
            (y, dy) => [.. y.Select((value, i) => value * dy[i])]),
        Gradient("softmax.jacobian-twice",
            "the Jacobian is applied twice",
            "apply it once: dx = y·(dy − Σ y·dy)",
            (y, dy) => Backward(y, Backward(y, dy))),
        Gradient("softmax.gradient-sign",
            "the gradient has the wrong sign",
            "dx = y·(dy − Σ y·dy)",
            (y, dy) => [.. Backward(y, dy).Select(value => -value)]),
        Gradient("softmax.off-diagonal-sign",
            "the Jacobian's off-diagonal elements are +y·y: dx = y·(dy·(1 − 2y) + Σ y·dy)",
            "they are −y·y",
            (y, dy) => [.. y.Select((value, i) => value * (dy[i] * (1 - 2 * value) + Dot(y, dy)))]),
        Gradient("softmax.gradient-passes",
            "the gradient passes unchanged, as if the loss had done it",
            "only softmax and cross entropy together have the short form; alone it is dx = y·(dy − Σ y·dy)",
            (_, dy) => dy),
        Gradient("softmax.sum-of-dy",
            "the row's Σ dy is taken off instead of Σ y·dy",
            "weight each dy by its y",
            (y, dy) => [.. y.Select((value, i) => value * (dy[i] - dy.Sum()))]),
        .. RowDefects("softmax"),
        Gradient("softmax.cotangent-ignored",
            "the Jacobian's diagonal alone, and without dy: y·(1 − y)",
            "dx = y·(dy − Σ y·dy)",
            (y, _) => [.. y.Select(value => value * (1 - value))]),
        Gradient("softmax.factor-missing",
            "the gradient is dy − Σ y·dy: the factor y is missing",
            "dx = y·(dy − Σ y·dy)",
            (y, dy) => [.. dy.Select(value => value - Dot(y, dy))]),
        Gradient("softmax.mean-for-sum",
            "the row's mean of y·dy is taken off, not its sum",
            "dx = y·(dy − Σ y·dy)",
            (y, dy) => [.. y.Select((value, i) => value * (dy[i] - Dot(y, dy) / y.Length))]),
        Gradient("softmax.off-diagonal-alone",
            "the Jacobian's off-diagonal elements alone: its diagonal is zero",
            "the diagonal is y·(1 − y)",
            (y, dy) => [.. y.Select((value, i) => -value * (Dot(y, dy) - value * dy[i]))]),
        Gradient("softmax.diagonal-without-square",
            "the Jacobian's diagonal is 1 − y: the factor y is missing there",
            "the diagonal is y·(1 − y)",
            (y, dy) => [.. y.Select((value, i) => (1 - value) * dy[i] - value * (Dot(y, dy) - value * dy[i]))]),
        Gradient("softmax.gradient-of-log-softmax",
            "the gradient is log-softmax's: dy − y·Σ dy",
            "dx = y·(dy − Σ y·dy)",
            (y, dy) => [.. dy.Select((value, i) => value - y[i] * dy.Sum())]),
        Gradient("softmax.as-with-cross-entropy",
            "the gradient is y − dy, as if dy were a label",
            "only softmax and cross entropy together have the short form; alone it is dx = y·(dy − Σ y·dy)",
            (y, dy) => [.. y.Select((value, i) => value - dy[i])]),
        Gradient("softmax.softmax-of-the-output",
            "the backward pass takes the softmax of the output once more",
            "y is the softmax already: dx = y·(dy − Σ y·dy)",
            (y, dy) => Backward(OfRow(y), dy)),
        Gradient("softmax.sum-added",
            "the row's Σ y·dy is added",
            "dx = y·(dy − Σ y·dy)",
            (y, dy) => [.. y.Select((value, i) => value * (dy[i] + Dot(y, dy)))]),
        Gradient("softmax.square-of-the-output",
            "the gradient is y²·(dy − Σ y·dy)",
            "dx = y·(dy − Σ y·dy)",
            (y, dy) => [.. Backward(y, dy).Select((value, i) => value * y[i])]),
        // A small ε added to a sum that is at least 1 stays within the rounding.
        Forward("softmax.not-normalised",
            "the exponentials are not divided by their sum",
            "divide by the row's sum",
            of => of.Exp),
        Forward("softmax.divided-by-the-length",
            "the exponentials are divided by how many there are",
            "divide by the row's sum",
            of => of.Exp / of.Length),
        Forward("softmax.sigmoid",
            "each element goes through a sigmoid by itself",
            "divide the exponentials by the row's sum",
            of => 1 / (1 + Math.Exp(-of.X))),
        Forward("softmax.log-softmax",
            "the logarithm of the softmax is answered",
            "softmax is the probability itself",
            of => of.Shifted - Math.Log(of.Sum)),
        Forward("softmax.exponent-sign",
            "the exponents have the wrong sign: the smallest x has the largest share",
            "y = e^x / Σ e^x",
            of => 1 / of.Exp / of.Sum),
        Forward("softmax.sum-and-one",
            "1 is added to the sum, as where one class more has a logit of the maximum",
            "divide by the row's sum alone",
            of => of.Exp / (1 + of.Sum)),
        new TermDefect<SoftmaxTerms>("softmax.shift-added", Passes.Forward | Passes.InputGradient, MistakeClass.SoftmaxOverflow,
            "the row's maximum is added where it should be taken off",
            "take the row's maximum off",
            terms => terms with { Shift = (row, _) => -Max(row), Exp = SingleExp }),
        new TermDefect<SoftmaxTerms>("softmax.clipped", Passes.Forward | Passes.InputGradient, MistakeClass.SoftmaxOverflow,
            "x is clipped to ±50 where the maximum should be taken off: large logits are all alike",
            "take the row's maximum off",
            terms => terms with { Shift = (_, _) => 0, Exp = x => Math.Exp(Math.Clamp(x, -50, 50)) }),
    ];

    /// <summary>
    /// An element is off by a multiple of itself: by its distance from the maximum (the rounding of x − max, magnified by exp), by the row's n terms, and by
    /// exp and the division. The gradient adds what the others of its row are off by, each weighted by its y. Calibrated over 100 draws of each of eight
    /// shapes, from 1×3 to 3×500, and numbers up to ±1000: a naive float32 loop reaches 0.17 of the tolerance.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected) => BoundRows(layerCase, expected, (x, y, dy) =>
    {
        var max = Max(x);
        double[] off = [.. x.Select((value, i) => y[i] == 0 ? 0 : 2 * (max - value) + x.Length + 8)];
        var (sum, offSum) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
            (sum, offSum) = (sum + y[i] * Math.Abs(dy[i]), offSum + y[i] * off[i] * Math.Abs(dy[i]));
        return ([.. y.Select((value, i) => value * off[i])],
            [.. y.Select((value, i) => value * ((off[i] + 4) * (Math.Abs(dy[i]) + sum) + offSum + x.Length * sum))]);
    });

    private static TermDefect<SoftmaxTerms> Forward(string id, string mistake, string mend, Func<SoftmaxElement, double> value) =>
        new(id, Passes.Forward | Passes.InputGradient, MistakeClass.Formula, mistake, mend, terms => terms with { Value = value });

    private static double[] OfRow(double[] x)
    {
        var sum = x.Sum(Math.Exp);
        return [.. x.Select(value => Math.Exp(value) / sum)];
    }

    private static double[] Backward(double[] y, double[] dy)
    {
        var dot = Dot(y, dy);
        return [.. y.Select((value, i) => value * (dy[i] - dot))];
    }

    private static double Dot(double[] y, double[] dy) => y.Select((value, i) => value * dy[i]).Sum();
}
