namespace Conformance.Oracle.Operations;

/// <summary>
/// Dropout in training with a given mask (Srivastava et al. 2014, inverted, as in PyTorch): y = x · mask / (1 − p), dx = dy · mask / (1 − p).
/// </summary>
public sealed class DropoutOperation : TapOperation
{
    public override string Name => "dropout";

    public override OperationKind Kind => OperationKind.Dropout;

    public override SizeCrossing? Sizes => ElementSizes.Crossing;

    public override IReadOnlyCollection<string> IntegerInputs => ["mask"];

    public override IReadOnlyList<Defect> Defects => DropoutDefects.All;

    /// <summary>
    /// An id such as <c>dropout/n3c2h4w5-p0.75</c>: <c>p</c> is the probability of dropping, by default 0.5. With 0, 0.5 and 0.75 every number is
    /// exact.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Elementwise.Shape(spelling);
        var p = spelling.Decimal('p', 0.5);
        if (p >= 1)
            throw spelling.Error("p must be below 1: nothing would be kept");
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = fill("input").Integers(-9, 9, shape),
            ["mask"] = fill("mask").Uniform(1, shape).Select(value => value >= 2 * p - 1 ? 1 : 0),
        };
        return Case(Attributes.FromPairs(("p", p)), p is 0 or 0.5 or 0.75 ? Tier.Exact : Tier.Bounded, inputs,
            fill("cotangent.output").Integers(-9, 9, shape));
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 2, 3, 15, 16, 17, 33)}c{dice.Pick(1, 9)}{dice.Pick("", $"h{dice.Pick(1, 7)}w{dice.Pick(1, 9)}")}"
        + $"-p{dice.Pick("0", "0.1", "0.3", "0.5", "0.75", "0.9")}";

    /// <summary>
    /// Bounded, with q = 1 − p. The float32 p has an error of up to u·p, so q has up to u·(p + q), which relative to q is u·(p/q + 1). The
    /// reciprocal and the product are rounded by u each. One more u is for an engine that multiplies the mask by the reciprocal in another precision.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected)
    {
        if (layerCase.Tier == Tier.Exact)
            return ErrorBound.Exact;
        var p = layerCase.Attributes.Number("p");
        return new(expected.Tensors.ToDictionary(
            pair => pair.Key, pair => ErrorBound.NonLinear(pair.Value, _ => p / (1 - p) + 4, _ => 0)));
    }

    protected override int[] OutputShape(LayerCase layerCase) => layerCase.Input("input").Shape.ToArray();

    protected override void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
    {
        var (mask, p, shape) = (layerCase.Input("mask"), layerCase.Attributes.Number("p"), OutputShape(layerCase));
        var terms = Terms.Under(defect, pass, DropoutTerms.Right);
        for (var i = 0; i < mask.Length; i++)
            taker.Take(new(i, i, Factor: terms.Kept(mask[terms.At?.Invoke(shape, i) ?? i]), Divisor: terms.Divisor(p)));
    }
}
