namespace Conformance.Oracle.Operations;

/// <summary>linear as PyTorch defines it: y[n,o] = b[o] + Σ x[n,i]·w[o,i].</summary>
public sealed class LinearOperation : TapOperation
{
    public override string Name => "linear";

    public override OperationKind Kind => OperationKind.Linear;

    public override SizeCrossing? Sizes => LinearSizes.Crossing;

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        .. LinearDefects.All, .. LinearIndexDefects.All, .. PrecisionDefects.For("linear"),
        .. ValueDefects.For("linear", ("input", Passes.Forward | Passes.WeightGradient), ("weight", Passes.Forward | Passes.InputGradient),
            ("bias", Passes.Forward), (OperandDefect.Cotangent, Passes.Backward)),
        .. WeightedDefects.For("linear", "gradient-times-images"),
    ];

    public static LinearGeometry Geometry(LayerCase layerCase)
    {
        var (x, w) = (layerCase.Input("input"), layerCase.Input("weight"));
        return x.Rank == 2 && w.Rank == 2 && x.Shape[1] == w.Shape[1]
            ? new(x.Shape[0], x.Shape[1], w.Shape[0])
            : throw new ArgumentException($"{layerCase.Id}: input {x} and weight {w} don't belong together");
    }

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var (n, i, o) = (spelling.Single('n'), spelling.Single('i'), spelling.Single('o'));
        RefuseHuge(spelling, Tensor64.Zeros(n, o).Length, i);
        RequireBudget(spelling, (i, 5 * 4), (o, 3 * 4), (n, 3 * 5));
        var numbers = new TapNumbers(spelling, fill);
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = numbers.Draw("input", 5, n, i),
            ["weight"] = numbers.Draw("weight", 4, o, i),
        };
        if (!spelling.Word("nobias"))
            inputs["bias"] = numbers.Draw("bias", 9, o);
        return Case(Attributes.None, numbers.Tier, inputs, numbers.Draw("cotangent.output", 3, n, o));
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 35)}-i{dice.Pick(1, 50)}-o{dice.Pick(1, 35)}{dice.Pick("", "-nobias")}{dice.Pick("", "", "", "-float")}";

    protected override int[] OutputShape(LayerCase layerCase)
    {
        var g = Geometry(layerCase);
        return [g.N, g.O];
    }

    protected override void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
    {
        var g = Geometry(layerCase);
        var change = Terms.Change<LinearGeometry, LinearTap>(defect, pass);
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
                for (var i = 0; i < g.I; i++)
                {
                    var tap = new LinearTap(n, o, n, i, o * g.I + i);
                    if (change is not null)
                        tap = change(g, tap);
                    if (tap.Row >= 0)
                        taker.Take(new(tap.N * g.O + tap.O, tap.Row * g.I + tap.I, tap.Weight, tap.Times));
                }
    }

    protected override string[] AxisNames(string name, int rank, bool isOutput) => (name, rank) switch
    {
        (_, 1) => ["out"],
        (not "weight", 2) => ["N", isOutput ? "out" : "in"],
        _ => base.AxisNames(name, rank, isOutput),
    };
}
