namespace Conformance.Oracle.Operations;

/// <summary>The extents and options of a conv2d case: N images of C×H×W, O kernels of C/groups×KH×KW.</summary>
public sealed record Conv2dGeometry(
    int N, int C, int H, int W, int O, int KH, int KW,
    int StrideH, int StrideW, int Top, int Bottom, int Left, int Right, int DilationH, int DilationW, int Groups)
{
    public int OH { get; } = Extent(H + Top + Bottom, KH, StrideH, DilationH);

    public int OW { get; } = Extent(W + Left + Right, KW, StrideW, DilationW);

    /// <summary>The input channels that one output sees, which are a kernel's own channels.</summary>
    public int GroupInputs { get; } = C / Math.Max(1, Groups);

    public int GroupOutputs { get; } = O / Math.Max(1, Groups);

    /// <summary>Whether a tap's output and input exist; those in the padding don't.</summary>
    public bool Holds(in Conv2dTap tap) => Inside(tap.IH, H) && Inside(tap.IW, W) && Inside(tap.OH, OH) && Inside(tap.OW, OW) && Inside(tap.F, O) && Inside(tap.K, GroupInputs) && Inside(tap.I, KH) && Inside(tap.J, KW);

    /// <summary>The flat positions of a tap.</summary>
    public Tap Flat(in Conv2dTap tap) => new(
        ((tap.N * O + tap.O) * OH + tap.OH) * OW + tap.OW,
        ((tap.Image * C + tap.C) * H + tap.IH) * W + tap.IW,
        ((tap.F * GroupInputs + tap.K) * KH + tap.I) * KW + tap.J, tap.Times);

    private static bool Inside(int position, int extent) => (uint)position < (uint)extent;

    /// <summary>How many windows of <paramref name="k"/> taps, <paramref name="dilation"/> apart, start inside <paramref name="padded"/>, one each stride.</summary>
    private static int Extent(int padded, int k, int stride, int dilation)
    {
        var starts = padded - (k - 1) * dilation;
        return starts <= 0 || stride <= 0 ? 0 : (starts + stride - 1) / stride;
    }
}

/// <summary>
/// One multiplication of a convolution in named coordinates: output [N, O, OH, OW]; input [Image, C, IH, IW], where Image is N; weight [F, K, I, J], where F is O and
/// K counts the input channels within the group. A tap with a coordinate outside, such as input in the padding, contributes nothing;
/// one whose <see cref="Times"/> is 2 is added twice.
/// </summary>
public readonly record struct Conv2dTap(int N, int O, int OH, int OW, int Image, int C, int IH, int IW, int F, int K, int I, int J, int Times = 1);

/// <summary>
/// conv2d as PyTorch defines it, a cross-correlation: y[n,o,oh,ow] = b[o] + Σ x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left] · w[o,k,i,j] over
/// the channels of o's group and the kernel; what falls into the padding contributes nothing.
/// </summary>
public sealed class Conv2dTaps : TapOperation
{
    public override string Name => "conv2d";

    public override IReadOnlyList<Defect> Defects => Conv2dDefects.All;

    /// <exception cref="ArgumentException">Shapes that don't belong together.</exception>
    public static Conv2dGeometry Geometry(LayerCase layerCase)
    {
        var (x, w) = (layerCase.Input("input"), layerCase.Input("weight"));
        var attributes = layerCase.Attributes;
        var (stride, dilation, padding) = (attributes.Ints("stride", 2), attributes.Ints("dilation", 2), attributes.Ints("padding", 4));
        var groups = attributes.Int("groups");
        if (x.Rank != 4 || w.Rank != 4 || x.Shape[1] != w.Shape[1] * groups || w.Shape[0] % groups != 0)
            throw new ArgumentException($"{layerCase.Id}: input {x} and weight {w} don't belong together with groups {groups}");
        return new(
            x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], w.Shape[0], w.Shape[2], w.Shape[3],
            stride[0], stride[1], padding[0], padding[1], padding[2], padding[3], dilation[0], dilation[1], groups);
    }

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
        var attributes = Attributes.Of(("stride", stride), ("padding", padding), ("dilation", dilation), ("groups", groups));
        if (refused is not null)
            return Case(attributes, Tier.Exact, inputs, cotangent: null) with { Refused = refused };

        var (terms, pixels) = (c / groups * kernel[0] * kernel[1], geometry.OH * geometry.OW);
        RefuseHuge(spelling, Tensor64.Zeros(n, o, geometry.OH, geometry.OW).Length, terms);
        if (numbers.Tier == Tier.Exact)
            RequireBudget(spelling, (terms, 5 * 4), (o / groups * kernel[0] * kernel[1], 3 * 4), (n * pixels, 3 * 5));
        return Case(attributes, numbers.Tier, inputs, numbers.Draw("cotangent.output", 3, n, o, geometry.OH, geometry.OW));
    }

    /// <summary>Why PyTorch refuses the geometry; null where it takes it.</summary>
    private static string? Refusal(Conv2dGeometry g, Spelling spelling)
    {
        if (Math.Min(Math.Min(g.Top, g.Bottom), Math.Min(g.Left, g.Right)) is < 0 and var least)
            return $"negative padding {least}";
        if (g.Groups == 0 || g.C % g.Groups != 0 || g.O % g.Groups != 0)
            return $"groups {g.Groups} must divide the channels {g.C} and {g.O}";
        if (g.StrideH == 0 || g.StrideW == 0)
            return $"stride {g.StrideH}×{g.StrideW} must be at least 1";
        if (g.DilationH == 0 || g.DilationW == 0)
            throw spelling.Error("dilation must be at least 1"); // torch takes a dilation of 0 on some paths and not on others
        return g.OH == 0 || g.OW == 0
            ? $"the kernel {g.KH}×{g.KW} with dilation {g.DilationH}×{g.DilationW} is larger than the padded input {g.H + g.Top + g.Bottom}×{g.W + g.Left + g.Right}"
            : null;
    }

    protected override string RandomGeometry(Fill dice)
    {
        var groups = dice.Pick(1, 1, 1, 2, 3);
        var (n, c, o) = (dice.Pick(1, 2, 3, 15, 16, 17, 33), groups * dice.Pick(1, 4), groups * dice.Pick(1, 5));
        // Now and then one extent is around the vector widths.
        var wide = dice.Pick(15, 35);
        var w = dice.Pick(1, 12);
        (c, o, w) = dice.Pick(0, 11) switch { 0 => (groups * wide, o, w), 1 => (c, groups * wide, w), 2 => (c, o, wide), _ => (c, o, w) };
        string Size(int most) => $"{dice.Pick(1, most)}x{dice.Pick(1, most)}";
        var padding = dice.Pick("p0", $"p{dice.Pick(0, 3)}x{dice.Pick(0, 3)}", $"p{dice.Pick(0, 3)}.{dice.Pick(0, 3)}x{dice.Pick(0, 3)}.{dice.Pick(0, 3)}");
        return $"n{n}c{c}h{dice.Pick(1, 12)}w{w}-o{o}-k{Size(5)}-s{Size(4)}-{padding}-d{Size(3)}-g{groups}{dice.Pick("", "-nobias")}{dice.Pick("", "", "", "-float")}";
    }

    protected override int[] OutputShape(LayerCase layerCase)
    {
        var g = Geometry(layerCase);
        return [g.N, g.O, g.OH, g.OW];
    }

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var g = Geometry(layerCase);
        var change = Terms.Change<Conv2dGeometry, Conv2dTap>(defect, pass);
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
                for (var oh = 0; oh < g.OH; oh++)
                    for (var ow = 0; ow < g.OW; ow++)
                        for (var k = 0; k < g.GroupInputs; k++)
                            for (var i = 0; i < g.KH; i++)
                                for (var j = 0; j < g.KW; j++)
                                {
                                    var (c, ih, iw) = (o / g.GroupOutputs * g.GroupInputs + k, oh * g.StrideH + i * g.DilationH - g.Top, ow * g.StrideW + j * g.DilationW - g.Left);
                                    var tap = new Conv2dTap(n, o, oh, ow, n, c, ih, iw, o, k, i, j);
                                    if (change is not null)
                                        tap = change(g, tap);
                                    if (g.Holds(tap))
                                        yield return g.Flat(tap);
                                }
    }
}
