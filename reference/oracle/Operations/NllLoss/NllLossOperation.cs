namespace Conformance.Oracle.Operations;

/// <summary>
/// nll_loss as PyTorch defines it, over log-probabilities x [N, C], which are not checked, and class numbers y [N]: ℓ[n] = −w[y]·x[n, y],
/// reduced by mean (divided by the sum of w[y]), sum or none. It is linear in x, so it is exact on integers; with mean the divisor must be a power of
/// two.
/// </summary>
public sealed class NllLossOperation : ClassLossOperation
{
    public override string Name => "nll_loss";

    public override IReadOnlyList<Defect> Defects => NllLossDefects.All;

    /// <summary>
    /// An id such as <c>nll_loss/n5c7-mean-weighted-ignored</c>; <c>i2</c> ignores class 2; <c>float</c>: fractions.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nc");
        var (n, classes) = (extents[0], extents[1]);
        var (reduction, ignoreIndex) = (spelling.OneOf("mean", "sum", "none"), spelling.Single('i', LossItem.DefaultIgnoreIndex));
        var numbers = new TapNumbers(spelling, fill);
        var (target, refused) = Target(spelling, fill("target"), n, classes, ignoreIndex);
        var inputs = new Dictionary<string, Tensor64> { ["input"] = numbers.Draw("input", 9, n, classes), ["target"] = target };
        DrawWeight(spelling, fill, inputs, classes);
        var drawn = Case(
            Attributes.FromPairs(("reduction", reduction), ("ignore_index", ignoreIndex)), numbers.Tier, inputs,
            reduction == "none" && refused is null ? fill("cotangent.output").Integers(-3, 3, n) : null);
        return refused is not null ? drawn with { Refused = refused }
            : drawn.Tier == Tier.Exact && !DividesExactly(Divisor(drawn)) ? drawn with { Tier = Tier.Bounded } : drawn;
    }

    protected override string RandomGeometry(Fill dice)
    {
        var (n, classes, reduction) = (dice.Pick(1, 35), dice.Pick(1, 20), dice.Pick("mean", "sum", "none"));
        return $"n{n}c{classes}-{reduction}{dice.Pick("", "-float")}{dice.Pick("", "-weighted")}"
            + $"{dice.Pick("", "-ignored", $"-i{dice.Pick(0, classes - 1)}")}";
    }

    protected override Losses Unreduced(LayerCase layerCase, Defect? defect)
    {
        var (rows, terms) = (ClassRow.FromCase(layerCase), Terms.Under(defect, NllLossTerms.Right));
        return new([rows.Length], row => rows[row].Item, row => terms.Loss(rows[row]), (row, c) => terms.Gradient(rows[row], c));
    }

    /// <summary>
    /// 0 in the exact tier. Otherwise a product, a quotient and a sum over the rows: u·(N + 8)·B for the loss, where B is the same sum over
    /// absolute values; u·8·|r| for a gradient, which is one product and one quotient. Calibrated by <c>CalibrationTests</c>: a naive float32 loop
    /// reaches 0.12 of the tolerance over 400 random geometries, libtorch 1.13.1's float32 0.19 over 300 and the stored cases.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected)
    {
        if (layerCase.Tier == Tier.Exact)
            return ErrorBound.Exact;
        var (rows, divisor) = (ClassRow.FromCase(layerCase), Divisor(layerCase));
        var roundings = rows.Length + 8;
        var magnitudes = Array.ConvertAll(rows, row => row.Item.Ignored ? 0 : roundings * Math.Abs(row.TargetWeight * row.X(row.Target)));
        return new(new Dictionary<string, Tensor64>
        {
            ["outputs.output"] = LossBound(layerCase, expected.Outputs["output"], 0, 0, magnitudes, divisor),
            ["gradients.input"] = ErrorBound.NonLinear(expected.Gradients["input"], _ => 8, _ => 0),
        });
    }

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainLosses.Nll(layerCase, order);
}
