namespace Conformance.Oracle.Operations;

/// <summary>
/// max_pool2d as PyTorch defines it; its taps are the elements that win. A window is scanned row by row from its first element inside the input, and
/// a later element replaces the maximum if it is greater or NaN. So the first of equal elements wins, and the last NaN.
/// </summary>
public sealed class MaxPool2dOperation : PoolOperation
{
    public override string Name => "max_pool2d";

    public override SizeCrossing? Sizes => PoolSizes.Max;

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        .. MaxPool2dWinnerDefects.All, .. MaxPool2dPlaceDefects.All, .. PoolDefects.For("max_pool2d"), .. ValueDefects.For("max_pool2d"),
        .. MisreadOptions.OfDilation("max_pool2d"), .. GradientDefects.OfKept("max_pool2d"),
    ];


    protected override bool Picks => true;

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nchw");
        var dilation = spelling.Pair('d', [1, 1]);
        if (dilation.Contains(0))
            throw spelling.Error("dilation must be at least 1");
        var inputs = new Dictionary<string, Tensor64> { ["input"] = Input(spelling, fill("input"), extents) };
        var drawn = Case(Conformance.Oracle.Attributes.FromPairs([.. Attributes(spelling), ("dilation", dilation)]), Tier.Exact, inputs,
            cotangent: null);
        return Refusal(spelling, drawn) is { } reason
            ? drawn with { Refused = reason }
            : Case(drawn.Attributes, Tier.Exact, inputs, fill("cotangent.output").Integers(-3, 3, OutputShape(drawn)));
    }

    /// <summary>The input by the id's word; <c>fixtures/README.md</c> describes them.</summary>
    private static Tensor64 Input(Spelling spelling, Fill fill, int[] extents)
    {
        var (plane, width) = (Math.Max(1, extents[2] * extents[3]), Math.Max(1, extents[3]));
        var flat = -1;
        return spelling.OneOf("", "ties", "zeros", "negative", "constant", "diagonal", "address", "special") switch
        {
            "ties" => fill.Integers(0, 1, extents),
            "zeros" => fill.Integers(-6, 3, extents).Select(value => Math.Max(0, value)),
            "negative" => fill.Integers(-9, -1, extents),
            "constant" => Tensor64.Zeros(extents).Select(_ => 7),
            "diagonal" => fill.Integers(-9, 0, extents).Select(value => ++flat % plane / width % 2 == flat % width % 2 ? value : 5),
            "address" => TapNumbers.Addresses(extents),
            "special" => fill.Integers(-5, 5, extents).Select(value => Special(value, ++flat / plane % 2 == 1)),
            _ => fill.Integers(-50, 50, extents),
        };
    }

    /// <summary>
    /// NaN, both infinities and −0 among small numbers. Every second plane is −∞ nearly everywhere, so that whole windows are −∞.
    /// </summary>
    private static double Special(double value, bool sunken) => value switch
    {
        -5 or 5 => double.NaN,
        _ when sunken => double.NegativeInfinity,
        4 => double.PositiveInfinity,
        -4 => double.NegativeInfinity,
        0 => double.NegativeZero,
        _ => value,
    };

    protected override string RandomGeometry(Fill dice)
    {
        var (n, kh, kw) = (dice.Pick(1, 2, 15, 16, 17, 33), dice.Pick(1, 4), dice.Pick(1, 4));
        var window = $"k{kh}x{kw}-s{dice.Pick(1, 4)}x{dice.Pick(1, 4)}"
            + $"-p{dice.Pick(0, kh / 2)}x{dice.Pick(0, kw / 2)}-d{dice.Pick(1, 3)}x{dice.Pick(1, 3)}";
        return $"n{n}c{dice.Pick(1, 3)}h{dice.Pick(1, 12)}w{dice.Pick(1, 12)}"
            + $"-{window}{dice.Pick("", "-ceil")}{dice.Pick("", "-ties", "-zeros", "-negative", "-special")}";
    }

    protected override void Walk<TTaker>(PoolWindow window, int output, LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
    {
        var (g, terms) = (window.Geometry, Terms.Under(defect, pass, MaxPool2dTerms.Right));
        foreach (var (place, share) in terms.Winners(window))
        {
            var target = terms.Search is { } search ? search(layerCase.Input("input"), g, window.Taps[place]) : terms.Target(g, window.Taps[place]);
            if (g.Holds(target))
                taker.Take(new(output, g.Flat(target), Factor: share));
        }
    }
}
