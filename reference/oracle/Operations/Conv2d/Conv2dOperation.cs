namespace Conformance.Oracle.Operations;

/// <summary>
/// conv2d as PyTorch defines it, a cross-correlation: y[n,o,oh,ow] = b[o] + Σ x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left] ·
/// w[o,k,i,j]. The sum runs over the channels of o's group and over the kernel. Positions in the padding contribute nothing.
/// </summary>
public sealed class Conv2dOperation : TapOperation
{
    public override string Name => "conv2d";

    public override OperationKind Kind => OperationKind.Convolution;

    public override bool HasWindows => true;

    public override SizeCrossing? Sizes => Conv2dSizes.Crossing;

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        .. Conv2dKernelDefects.All, .. Conv2dWindowDefects.All, .. Conv2dAxisDefects.All, .. Conv2dBorderDefects.All, .. Conv2dChannelDefects.All,
        .. Conv2dLaneDefects.All, .. Conv2dGroupDefects.All, .. Conv2dFactorDefects.All, .. Conv2dSizeDefects.All, .. Conv2dLoopDefects.All,
        .. PrecisionDefects.For("conv2d"),
        .. ValueDefects.For("conv2d", ("input", Passes.Forward | Passes.WeightGradient), ("weight", Passes.Forward | Passes.InputGradient),
            ("bias", Passes.Forward), (OperandDefect.Cotangent, Passes.Backward)),
        .. MisreadOptions.For("conv2d"), .. MisreadOptions.OfDilation("conv2d"), .. MisreadOptions.OfConvolution("conv2d"),
        .. WeightedDefects.For("conv2d"),
    ];

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nchw");
        var (n, c, h, w) = (extents[0], extents[1], extents[2], extents[3]);
        var o = spelling.Single('o');
        var kernel = spelling.Pair('k');
        var (stride, dilation, padding) = (spelling.Pair('s', [1, 1]), spelling.Pair('d', [1, 1]), spelling.Padding());
        var groups = spelling.Single('g', 1);
        if (kernel.Contains(0) || c == 0 || o == 0)
            throw spelling.Error("c, o and the kernel must be at least 1");
        var geometry = new Conv2dGeometry(
            n, c, h, w, o, kernel[0], kernel[1], stride[0], stride[1],
            padding[0], padding[1], padding[2], padding[3], dilation[0], dilation[1], groups);
        var refused = Refusal(geometry, spelling);

        var numbers = new TapNumbers(spelling, fill);
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = numbers.Draw("input", 5, n, c, h, w),
            ["weight"] = numbers.Draw("weight", 4, o, Math.Max(1, c / Math.Max(1, groups)), kernel[0], kernel[1]),
        };
        if (!spelling.Word("nobias"))
            inputs["bias"] = numbers.Draw("bias", 9, o);
        var attributes = Attributes.FromPairs(("stride", stride), ("padding", padding), ("dilation", dilation), ("groups", groups));
        if (refused is not null)
            return Case(attributes, Tier.Exact, inputs, cotangent: null) with { Refused = refused };

        var (terms, pixels) = (c / groups * kernel[0] * kernel[1], geometry.OH * geometry.OW);
        RefuseHuge(spelling, Tensor64.Zeros(n, o, geometry.OH, geometry.OW).Length, terms);
        if (numbers.Tier == Tier.Exact)
            RequireBudget(spelling, (terms, 5 * 4), (o / groups * kernel[0] * kernel[1], 3 * 4), (n * pixels, 3 * 5));
        return Case(attributes, numbers.Tier, inputs, numbers.Draw("cotangent.output", 3, n, o, geometry.OH, geometry.OW));
    }

    /// <summary>The reason why PyTorch refuses the geometry; null if it does not.</summary>
    private static string? Refusal(Conv2dGeometry g, Spelling spelling)
    {
        if (Math.Min(Math.Min(g.Top, g.Bottom), Math.Min(g.Left, g.Right)) is < 0 and var least)
            return $"negative padding {least}";
        if (g.Groups == 0 || g.C % g.Groups != 0 || g.O % g.Groups != 0)
            return $"groups {g.Groups} must divide the channels {g.C} and {g.O}";
        if (g.StrideH == 0 || g.StrideW == 0)
            return $"stride {g.StrideH}×{g.StrideW} must be at least 1";
        if (g.DilationH == 0 || g.DilationW == 0)
            throw spelling.Error("dilation must be at least 1"); // torch accepts a dilation of 0 on some paths and not on others
        return g.OH == 0 || g.OW == 0
            ? $"the kernel {g.KH}×{g.KW} with dilation {g.DilationH}×{g.DilationW} "
                + $"is larger than the padded input {g.H + g.Top + g.Bottom}×{g.W + g.Left + g.Right}"
            : null;
    }

    protected override string RandomGeometry(Fill dice)
    {
        var groups = dice.Pick(1, 1, 1, 2, 3);
        var (n, c, o) = (dice.Pick(1, 2, 3, 15, 16, 17, 33), groups * dice.Pick(1, 4), groups * dice.Pick(1, 5));
        // In some cases one extent is near a vector width.
        var wide = dice.Pick(15, 35);
        var w = dice.Pick(1, 12);
        (c, o, w) = dice.Pick(0, 11) switch { 0 => (groups * wide, o, w), 1 => (c, groups * wide, w), 2 => (c, o, wide), _ => (c, o, w) };
        string Size(int most) => $"{dice.Pick(1, most)}x{dice.Pick(1, most)}";
        var padding = dice.Pick("p0", $"p{dice.Pick(0, 3)}x{dice.Pick(0, 3)}",
            $"p{dice.Pick(0, 3)}.{dice.Pick(0, 3)}x{dice.Pick(0, 3)}.{dice.Pick(0, 3)}");
        return $"n{n}c{c}h{dice.Pick(1, 12)}w{w}-o{o}-k{Size(5)}-s{Size(4)}"
            + $"-{padding}-d{Size(3)}-g{groups}{dice.Pick("", "-nobias")}{dice.Pick("", "", "", "-float")}";
    }

    protected override int[] OutputShape(LayerCase layerCase)
    {
        var g = Conv2dGeometry.FromCase(layerCase);
        return [g.N, g.O, g.OH, g.OW];
    }

    protected override void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker) =>
        Conv2dGeometry.FromCase(layerCase).Walk(Terms.Change<Conv2dGeometry, Conv2dTap>(defect, pass), taker);

    protected override string[] AxisNames(string name, int rank, bool isOutput) => (name, rank) switch
    {
        ("bias", 1) => ["O"],
        (not "weight", 4) when isOutput => ["N", "O", "OH", "OW"],
        _ => base.AxisNames(name, rank, isOutput),
    };
}
