namespace Conformance.Oracle.Operations;

/// <summary>
/// The generalized cross entropy of Zhang and Sabuncu (2018, equation 4), over logits x [N, C] and class numbers y [N], with q in (0, 1] and p =
/// softmax(x[n]):
/// <code>
/// ℓ = (1 − p[y]^q)/q      ∂ℓ/∂x[c] = p[y]^q·(p[c] − [c = y])
/// </code>
/// reduced by mean, sum or none. The limit q → 0 is the cross entropy; q = 1 is the mean absolute error, up to a factor. A row with p[y] near 0 has
/// a loss of at most 1/q and almost no gradient.
/// </summary>
public sealed class GeneralizedCrossEntropyOperation : ClassLossOperation
{
    public override string Name => "generalized_cross_entropy";

    public override IReadOnlyList<Defect> Defects => GeneralizedCrossEntropyDefects.All;

    /// <summary>
    /// An id such as <c>generalized_cross_entropy/n5c7-mean-q0.5</c>. The default of <c>q</c> is the paper's 0.7. Logits are described at
    /// <see cref="SoftmaxRow"/>.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nc");
        var (n, classes, reduction, q) = (extents[0], extents[1], spelling.OneOf("mean", "sum", "none"), spelling.Decimal('q', 0.7));
        if (q is not (> 0 and <= 1))
            throw spelling.Error("q must be above 0 and at most 1");
        var (target, refused) = Target(spelling, fill("target"), n, classes, LossItem.DefaultIgnoreIndex);
        if (target.Data.Contains(LossItem.DefaultIgnoreIndex))
            throw spelling.Error("this loss ignores no class");
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = SoftmaxRow.Logits(spelling, fill("input"), target, n, classes),
            ["target"] = target
        };
        var cotangent = reduction == "none" && refused is null ? fill("cotangent.output").Integers(-3, 3, n) : null;
        return Case(Attributes.FromPairs(("reduction", reduction), ("q", q)), Tier.Bounded, inputs, cotangent) with { Refused = refused };
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 35)}c{dice.Pick(2, 20)}-{dice.Pick("mean", "sum", "none")}{dice.Pick("", "-q0.3", "-q1", "-q0.01")}"
        + dice.Pick("", "-large", "-mixed", "-low", "-sure-g9", "-hopeless", "-hopeless-g9");

    protected override Losses Unreduced(LayerCase layerCase, Defect? defect)
    {
        var (terms, q) = (Terms.Under(defect, GeneralizedCrossEntropyTerms.Right), Q(layerCase));
        var rows = Softmaxes(layerCase, terms);
        return new([rows.Length], row => rows[row].Row.Item, row => terms.Loss(rows[row], q), (row, c) => terms.Gradient(rows[row], q, c));
    }

    /// <summary>
    /// u·(c·|r| + S). The error of p^q is a multiple of itself: q times the error of log p (<see cref="SoftmaxRow.LogSensitivity"/>), a rounding of
    /// the exponent and those of the power. The difference from 1 adds a rounding of 1, which the division by q magnifies. The gradient has the
    /// errors of p^q and of the softmax (<see cref="SoftmaxRow.RelativeError"/>). Calibrated by <c>CalibrationTests</c>: a naive float32 loop reaches
    /// 0.15 of the tolerance over 400 random geometries and 8×1000; libtorch 1.13.1's float32 0.17 over 300 and the stored cases.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected)
    {
        var (rows, q, divisor) = (Softmaxes(layerCase, GeneralizedCrossEntropyTerms.Right), Q(layerCase), Divisor(layerCase));
        var powers = Array.ConvertAll(rows, row => GeneralizedCrossEntropyTerms.Power(row, q));
        var relative = Array.ConvertAll(rows, row => q * row.LogSensitivity(row.Row.Target) + 8);
        var sensitivity = Enumerable.Range(0, rows.Length).Select(row => (powers[row] * relative[row] + 4) / q).ToArray();
        var gradient = ErrorBound.NonLinear(expected.Gradients["input"], _ => 2, i =>
        {
            var (row, c) = (i / rows[0].Row.Classes, i % rows[0].Row.Classes);
            var (p, onehot) = (rows[row].P(c), rows[row].Row.OneHot(c));
            return Upstream(layerCase, rows[row].Row, divisor) * powers[row]
                * (relative[row] * Math.Abs(p - onehot) + rows[row].RelativeError(c) * (p + onehot));
        });
        return new(new Dictionary<string, Tensor64>
        {
            ["outputs.output"] = LossBound(layerCase, expected.Outputs["output"], 8, rows.Length, sensitivity, divisor),
            ["gradients.input"] = gradient,
        });
    }

    private static double Q(LayerCase layerCase) => layerCase.Attributes.Number("q");

    private static SoftmaxRow[] Softmaxes(LayerCase layerCase, GeneralizedCrossEntropyTerms terms) =>
        Array.ConvertAll(ClassRow.FromCase(layerCase), row => new SoftmaxRow(row, terms.Shift(row), (row, c) => row.OneHot(c)));

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainLosses.GeneralizedCrossEntropy(layerCase, order);
}
