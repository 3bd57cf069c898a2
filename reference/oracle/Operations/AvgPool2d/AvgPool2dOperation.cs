namespace Conformance.Oracle.Operations;

/// <summary>
/// avg_pool2d as PyTorch defines it: the sum of a window's elements inside the input, divided by a count. With count_include_pad it is the number of
/// window elements inside the padded input, otherwise the number inside the input. The two differ if a window reaches into the padding. With
/// ceil_mode a window may also extend beyond the padding.
/// </summary>
public sealed class AvgPool2dOperation : PoolOperation
{
    public override string Name => "avg_pool2d";

    public override SizeCrossing? Sizes => PoolSizes.Average;

    public override IReadOnlyList<Defect> Defects => AvgPool2dDefects.All;


    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nchw");
        var attributes = Conformance.Oracle.Attributes.FromPairs([.. Attributes(spelling), ("count_include_pad", !spelling.Word("nopad"))]);
        var empty = Case(attributes, Tier.Exact, new Dictionary<string, Tensor64> { ["input"] = Tensor64.Zeros(extents) }, cotangent: null);
        var refused = Refusal(spelling, empty);
        var divisors = refused is null ? Divisors(empty) : [];
        var g = Geometry(empty);
        var outputs = refused is null ? OutputShape(empty) : [0];
        RefuseHuge(spelling, Tensor64.Zeros(outputs).Length, g.Height.Kernel * g.Width.Kernel);
        var (tier, input, cotangent) = Averages.Draw(spelling, fill, extents, outputs, divisors, g.Height.Kernel * g.Width.Kernel);
        return Case(attributes, tier, new Dictionary<string, Tensor64> { ["input"] = input },
            refused is null ? cotangent : null) with
        { Refused = refused };
    }

    protected override string RandomGeometry(Fill dice)
    {
        var (n, kh, kw) = (dice.Pick(1, 2, 15, 16, 17, 33), dice.Pick(1, 4), dice.Pick(1, 4));
        var window = $"k{kh}x{kw}-s{dice.Pick(1, 4)}x{dice.Pick(1, 4)}-p{dice.Pick(0, kh / 2)}x{dice.Pick(0, kw / 2)}";
        return $"n{n}c{dice.Pick(1, 3)}h{dice.Pick(1, 12)}w{dice.Pick(1, 12)}"
            + $"-{window}{dice.Pick("", "-ceil")}{dice.Pick("", "-nopad")}{dice.Pick("", "-float")}";
    }

    protected override void Walk<TTaker>(PoolWindow window, int output, LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
    {
        var terms = Terms.Under(defect, pass, AvgPool2dTerms.Right);
        var divisor = terms.Divisor(window, layerCase.Attributes.Flag("count_include_pad"));
        foreach (var tap in window.Taps)
            taker.Take(new(output, window.Geometry.Flat(tap), Divisor: divisor));
    }

    private static HashSet<int> Divisors(LayerCase layerCase)
    {
        var (g, counted) = (Geometry(layerCase), layerCase.Attributes.Flag("count_include_pad"));
        return
        [
            .. from oh in Enumerable.Range(0, g.Height.Windows)
               from ow in Enumerable.Range(0, g.Width.Windows)
               select AvgPool2dTerms.Size(g, oh, ow, counted, counted),
        ];
    }
}
