namespace Conformance.Oracle.Operations;

/// <summary>
/// mse_loss as PyTorch defines it, over an input x and a target t of the same shape: ℓ = (x − t)² of each element, reduced by mean (over all
/// elements), sum or none; ∂ℓ/∂x = 2·(x − t). It is exact on integers; with mean the number of elements must be a power of two.
/// </summary>
public sealed class MseLossOperation : LossOperation
{
    private const int Most = 9;

    public override string Name => "mse_loss";

    public override OperationKind Kind => OperationKind.ElementLoss;

    public override IReadOnlyList<Defect> Defects => MseLossDefects.All;

    /// <summary>
    /// An id such as <c>mse_loss/n5c7-mean</c> or <c>n2c3h4w5</c>. The default is integers from −9 to 9; <c>float</c>: fractions; <c>large</c>: up
    /// to ±1000.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = spelling.AnyExtents("nc", "nchw");
        var (reduction, large, numbers) = (spelling.OneOf("mean", "sum", "none"), spelling.Word("large"), new TapNumbers(spelling, fill));
        var most = large ? 1000 : Most;
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = numbers.Draw("input", most, shape),
            ["target"] = numbers.Draw("target", most, shape)
        };
        var (tier, length) = (numbers.Tier, inputs["input"].Length);
        if (tier == Tier.Exact && reduction != "none")
        {
            // Squares of integers have some remainders more often than others, so the roundings of their sum may have the same sign. Only the
            // worst-case bound holds.
            if (Enumerable.Range(0, length).Sum(i => MseLossTerms.Right.Loss(inputs["input"][i], inputs["target"][i])) > ErrorBound.Budget)
                throw spelling.Error($"a sum of {length} integer squares would not be exact in float32: add the word float");
            tier = reduction == "mean" && !DividesExactly(length) ? Tier.Bounded : tier;
        }
        return Case(Attributes.FromPairs(("reduction", reduction)), tier, inputs,
            reduction == "none" ? fill("cotangent.output").Integers(-3, 3, shape) : null);
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 35)}c{dice.Pick(1, 20)}{dice.Pick("", $"h{dice.Pick(1, 4)}w{dice.Pick(1, 4)}")}"
        + $"-{dice.Pick("mean", "sum", "none")}{dice.Pick("", "-float", "-large-float")}";

    protected override Losses Unreduced(LayerCase layerCase, Defect? defect)
    {
        var (x, target, terms) = (layerCase.Input("input"), layerCase.Input("target"), Terms.Under(defect, MseLossTerms.Right));
        if (!x.HasShape(target.Shape))
            throw new ArgumentException($"{layerCase.Id}: input {x} and target {target} should have one shape");
        return new(
            x.Shape.ToArray(), _ => new(0, LossItem.DefaultIgnoreIndex, 1),
            i => terms.Loss(x[i], target[i]), (i, _) => terms.Gradient(x[i], target[i]));
    }

    /// <summary>
    /// 0 in the exact tier. Otherwise a squared difference has three roundings, and a correct engine may show four times as many. The sum over K
    /// elements, which have one sign, adds T(K): u·(T(K) + 12)·|r|. A gradient also has three roundings, the difference, 2/K and their product:
    /// u·12·|r|. Calibrated by <c>CalibrationTests</c>: a naive float32 loop reaches 0.25 of the tolerance over 400 random geometries, and so does
    /// libtorch 1.13.1's float32 over 300 and the stored cases.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected) => layerCase.Tier == Tier.Exact ? ErrorBound.Exact
        : new(new Dictionary<string, Tensor64>
        {
            ["outputs.output"] = LossBound(
                layerCase, expected.Outputs["output"], 12, ErrorBound.Roundings(layerCase.Input("input").Length),
                    new double[layerCase.Input("input").Length], 1),
            ["gradients.input"] = ErrorBound.NonLinear(expected.Gradients["input"], _ => 12, _ => 0),
        });

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainLosses.Mse(layerCase, order);
}
