namespace Conformance.Oracle.Operations;

/// <summary>softmax as PyTorch defines it: y = e^(x − max) / Σ e^(x − max) along dim, dx = y·(dy − Σ y·dy).</summary>
public sealed class Softmax() : SoftmaxOperation((_, exp, sum) => exp / sum, Backward)
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
    ];

    /// <summary>
    /// An element is off by a multiple of itself: by its distance from the maximum (the rounding of x − max, magnified by exp), by the row's n terms, and by
    /// exp and the division. The gradient adds what the others of its row are off by, each weighted by its y. Calibrated over 100 draws of each of eight
    /// shapes, from 1×3 to 3×500, and numbers up to ±1000: a naive float32 loop reaches 0.17 of the tolerance.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected, LayerResult float32) => BoundRows(layerCase, expected, (x, y, dy) =>
    {
        var max = Max(x);
        double[] off = [.. x.Select((value, i) => y[i] == 0 ? 0 : 2 * (max - value) + x.Length + 8)];
        var (sum, offSum) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
            (sum, offSum) = (sum + y[i] * Math.Abs(dy[i]), offSum + y[i] * off[i] * Math.Abs(dy[i]));
        return ([.. y.Select((value, i) => value * off[i])],
            [.. y.Select((value, i) => value * ((off[i] + 4) * (Math.Abs(dy[i]) + sum) + offSum + x.Length * sum))]);
    });

    private static double[] Backward(double[] y, double[] dy)
    {
        var dot = Dot(y, dy);
        return [.. y.Select((value, i) => value * (dy[i] - dot))];
    }

    private static double Dot(double[] y, double[] dy) => y.Select((value, i) => value * dy[i]).Sum();
}
