namespace Conformance.Oracle.Operations;

/// <summary>
/// leaky_relu as PyTorch defines it: y = x where x &gt; 0, otherwise negative_slope · x. So the gradient at x = 0 is negative_slope · dy, and NaN
/// stays NaN.
/// </summary>
public sealed class LeakyReluOperation : TapOperation
{
    public override string Name => "leaky_relu";

    public override OperationKind Kind => OperationKind.Activation;

    public override SizeCrossing? Sizes => ElementSizes.Crossing;

    public override IReadOnlyList<Defect> Defects => LeakyReluDefects.All;

    /// <summary>
    /// An id such as <c>leaky_relu/n2c3h4w5-s0.25</c>: <c>s</c> is the slope, by default 0.01. With a power of two, or 0, every number is exact.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Elementwise.Shape(spelling);
        var slope = spelling.Decimal('s', 0.01);
        var input = Elementwise.Input(
            spelling, shape, () => fill("input").Integers(-12, 12, shape), () => fill("input").Integers(-1000000, 1000000, shape));
        return Case(
            Attributes.FromPairs(("negative_slope", slope)), slope == 0 || Math.Log2(slope) % 1 == 0 ? Tier.Exact : Tier.Bounded,
            new Dictionary<string, Tensor64> { ["input"] = input }, fill("cotangent.output").Integers(-20, 20, shape));
    }

    protected override string RandomGeometry(Fill dice) => $"{Elementwise.Geometry(dice)}{dice.Pick("", "-s0.2", "-s0.25", "-s2")}";

    protected override int[] OutputShape(LayerCase layerCase) => layerCase.Input("input").Shape.ToArray();

    protected override void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
    {
        var (x, slope) = (layerCase.Input("input"), layerCase.Attributes.Number("negative_slope"));
        var terms = Terms.Under(defect, pass, LeakyReluTerms.Right);
        for (var i = 0; i < x.Length; i++)
            taker.Take(new(i, i, Factor: terms.Factor(x[i], slope)));
    }
}
