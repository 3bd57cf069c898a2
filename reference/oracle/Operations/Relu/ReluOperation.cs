namespace Conformance.Oracle.Operations;

/// <summary>relu as PyTorch defines it: y = x where x &gt; 0 or NaN, otherwise 0. The gradient is passed there only, so it is 0 at x = 0.</summary>
public sealed class ReluOperation : TapOperation
{
    public override string Name => "relu";

    public override OperationKind Kind => OperationKind.Activation;

    public override SizeCrossing? Sizes => ElementSizes.Crossing;

    public override IReadOnlyList<Defect> Defects => ReluDefects.All;

    protected override bool Picks => true;

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Elementwise.Shape(spelling);
        var input = Elementwise.Input(
            spelling, shape, () => fill("input").Integers(-3, 3, shape), () => fill("input").Integers(-1000000, 1000000, shape));
        return Case(Attributes.None, Tier.Exact, new Dictionary<string, Tensor64> { ["input"] = input },
            fill("cotangent.output").Integers(-3, 3, shape));
    }

    protected override string RandomGeometry(Fill dice) => Elementwise.Geometry(dice);

    protected override int[] OutputShape(LayerCase layerCase) => layerCase.Input("input").Shape.ToArray();

    protected override void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
    {
        var x = layerCase.Input("input");
        var change = Terms.Change<LayerCase, ReluTap>(defect, pass);
        for (var i = 0; i < x.Length; i++)
        {
            var right = new ReluTap(i, !(x[i] <= 0));
            var tap = change is null ? right : change(layerCase, right);
            if (tap.Open)
                taker.Take(new(i, i, Factor: tap.Factor));
        }
    }
}
