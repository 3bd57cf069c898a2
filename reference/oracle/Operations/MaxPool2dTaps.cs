using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>
/// Which places of a window win, each with its share of the gradient; and where in the input a winner's gradient goes.
/// </summary>
public sealed record MaxPoolTerms(Func<PoolWindow, IEnumerable<(int Place, double Share)>> Winners, Func<PoolGeometry, PoolTap, PoolTap> Target)
{
    /// <summary>The same where the place is looked for by the value that the window had.</summary>
    public Func<Tensor64, PoolGeometry, PoolTap, PoolTap>? Search { get; init; }
}

/// <summary>
/// max_pool2d as PyTorch defines it: the taps that win. A window is scanned row by row from its first element inside the input, and a later
/// element replaces the maximum when it is greater or NaN, so the first of a tie wins, and the last NaN.
/// </summary>
public sealed class MaxPool2dTaps : PoolTaps
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    private static readonly MaxPoolTerms Right = new(window => One(Maximum(window.Values)), (_, tap) => tap);

    public override string Name => "max_pool2d";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Winners("ties-to-all", Passes.InputGradient, PoolTies,
            "every element that equals the maximum gets the gradient",
            "keep the index of the first maximum in forward and add dy there alone",
            window => Maxima(window.Values).Select(place => (place, 1.0)))
            .From(Seen.InEngines(PoolTies, 10)),
        Winners("ties-to-last", Passes.InputGradient, PoolTies,
            "the last of equal maxima gets the gradient: >= for >",
            "replace the maximum only by a greater element",
            window => One(Maxima(window.Values).LastOrDefault(-1)))
            .From(Seen.Textbook),
        Winners("ties-split", Passes.InputGradient, PoolTies,
            "equal maxima share the gradient",
            "keep the index of the first maximum in forward and add the whole dy there",
            window => Maxima(window.Values).Select(place => (place, 1.0 / Maxima(window.Values).Count())))
            .From(Seen.InEngines(PoolTies, 1)),
        new TapDefect<PoolGeometry, PoolTap>("max_pool2d.scanned-by-columns", Passes.InputGradient, PoolTies,
            "the window is scanned column by column, so another one of equal maxima comes first",
            "scan it row by row: i outside, j inside",
            (g, tap) => Place(g, tap, (tap.I * g.Width.Kernel + tap.J) % g.Height.Kernel, (tap.I * g.Width.Kernel + tap.J) / g.Height.Kernel))
            .Index("for j, for i", "for i, for j")
            .From(Seen.InEngines(PoolTies, 1)),
        Winners("backward-to-first-element", Passes.InputGradient, PoolIndex,
            "the gradient goes to the window's first element instead of the maximum",
            "keep the index of the maximum in forward and add dy there",
            window => One(window.Values.Count > 0 ? 0 : -1)),
        Winners("padding-is-zero", Both, PoolPadding,
            "the padding takes part with zeros, and beats negative values",
            "pad with −∞, or scan the elements inside the input alone",
            window => window.Values.Count < window.Whole && Best(window) < 0 ? [] : One(Maximum(window.Values))),
        Winners("maximum-starts-at-zero", Both, PoolPadding,
            "the maximum is initialised with 0: a window without a positive element has none",
            "start with the window's first element, or −∞",
            window => Best(window) <= 0 ? [] : One(Maximum(window.Values))),
        Winners("nan-ignored", Both, NonFinite,
            "a NaN loses every comparison and is left out",
            "let a NaN replace the maximum: value > max || isnan(value)",
            window => One(WithoutNaN(window.Values))),
        Winners("first-nan-wins", Passes.InputGradient, NonFinite,
            "of several NaN the first gets the gradient: the comparison stops at it",
            "let every NaN replace the maximum, as PyTorch does",
            window => One(FirstNaN(window.Values))),
        Target("index-without-stride", PoolIndex, "the gradient goes to row oh + i and column ow + j: the window's own place without the stride",
            "keep the index in the input: (oh·sh − ph + i·dh)·W + ow·sw − pw + j·dw",
            (g, tap) => tap with { IH = tap.OH + tap.I * g.Height.Dilation - g.Height.Padding, IW = tap.OW + tap.J * g.Width.Dilation - g.Width.Padding })
            .Index("dx[n, c, oh + i·dh − ph, ow + j·dw − pw]", "dx[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − pw]"),
        Target("index-by-columns", PoolIndex, "the index of the maximum is written as w·H + h and read as h·W + w",
            "write it as h·W + w",
            (g, tap) => tap with { IH = (tap.IW * g.Height.Length + tap.IH) / g.Width.Length, IW = (tap.IW * g.Height.Length + tap.IH) % g.Width.Length })
            .Index("w·H + h", "h·W + w"),
        Target("index-without-channel", ChannelIndex, "the index within the plane is used without the channel: all gradients land in channel 0",
            "add the plane's offset: (n·C + c)·H·W",
            (g, tap) => tap with { Plane = tap.Plane / g.Channels * g.Channels })
            .Index("dx[n·C·H·W + h·W + w]", "dx[(n·C + c)·H·W + h·W + w]"),
        new ScaleDefect("max_pool2d.gradient-averaged", Passes.InputGradient, Scale,
            "the gradient is divided by the window's size, as an average pool's is",
            "the maximum gets the whole dy",
            layerCase => 1.0 / (layerCase.Attributes.Ints("kernel_size", 2)[0] * layerCase.Attributes.Ints("kernel_size", 2)[1])),
        new TapDefect<PoolGeometry, PoolTap>("max_pool2d.dilation-ignored", Both, Dilation,
            "the dilation is in the output's size alone",
            "read the row oh·sh + i·dh − ph and the column ow·sw + j·dw − pw",
            (g, tap) => tap with { IH = tap.IH - tap.I * (g.Height.Dilation - 1), IW = tap.IW - tap.J * (g.Width.Dilation - 1) })
            .Index("x[n, c, oh·sh + i − ph, ow·sw + j − pw]", PoolDefects.Read),
        new TapDefect<PoolGeometry, PoolTap>("max_pool2d.dilation-swapped", Both, Dilation,
            "the dilations of height and width are swapped",
            "dilation is (height, width): row oh·sh + i·dh − ph, column ow·sw + j·dw − pw",
            (g, tap) => tap with { IH = tap.IH + tap.I * (g.Width.Dilation - g.Height.Dilation), IW = tap.IW + tap.J * (g.Height.Dilation - g.Width.Dilation) })
            .Index("x[n, c, oh·sh + i·dw − ph, ow·sw + j·dh − pw]", PoolDefects.Read),
        .. MaxPool2dPlaceDefects.All,
        .. PoolDefects.Of("max_pool2d"),
    ];

    protected override bool Picks => true;

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nchw");
        var dilation = spelling.Pair('d', [1, 1]);
        if (dilation.Contains(0))
            throw spelling.Error("dilation must be at least 1");
        var inputs = new Dictionary<string, Tensor64> { ["input"] = Input(spelling, fill("input"), extents) };
        var drawn = Case(Conformance.Oracle.Attributes.Of([.. Attributes(spelling), ("dilation", dilation)]), Tier.Exact, inputs, cotangent: null);
        return Refusal(spelling, drawn) is { } reason
            ? drawn with { Refused = reason }
            : Case(drawn.Attributes, Tier.Exact, inputs, fill("cotangent.output").Integers(-3, 3, OutputShape(drawn)));
    }

    /// <summary>Values by the id's word; <c>fixtures/README.md</c> states them.</summary>
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

    /// <summary>NaN, both infinities and −0 among small numbers; in every other plane −∞ nearly everywhere, so that whole windows are.</summary>
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
        var window = $"k{kh}x{kw}-s{dice.Pick(1, 4)}x{dice.Pick(1, 4)}-p{dice.Pick(0, kh / 2)}x{dice.Pick(0, kw / 2)}-d{dice.Pick(1, 3)}x{dice.Pick(1, 3)}";
        return $"n{n}c{dice.Pick(1, 3)}h{dice.Pick(1, 12)}w{dice.Pick(1, 12)}-{window}{dice.Pick("", "-ceil")}{dice.Pick("", "-ties", "-zeros", "-negative", "-special")}";
    }

    protected override IEnumerable<Tap> Taps(PoolWindow window, int output, LayerCase layerCase, Passes pass, Defect? defect)
    {
        var (g, terms) = (window.Geometry, Terms.Of(defect, pass, Right));
        foreach (var (place, share) in terms.Winners(window))
        {
            var target = terms.Search is { } search ? search(layerCase.Input("input"), g, window.Taps[place]) : terms.Target(g, window.Taps[place]);
            if (IsInside(g, target))
                yield return new(output, Flat(g, target), Factor: share);
        }
    }

    internal static TermDefect<MaxPoolTerms> Winners(
        string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<PoolWindow, IEnumerable<(int Place, double Share)>> winners) =>
        new($"max_pool2d.{name}", passes, kind, mistake, mend, terms => terms with { Winners = winners });

    internal static TermDefect<MaxPoolTerms> Target(
        string name, MistakeClass kind, string mistake, string mend, Func<PoolGeometry, PoolTap, PoolTap> target) =>
        new($"max_pool2d.{name}", Passes.InputGradient, kind, mistake, mend, terms => terms with { Target = target });

    internal static (int, double)[] One(int place) => place < 0 ? [] : [(place, 1)];

    internal static double Best(PoolWindow window) => window.Values.Count == 0 ? double.NegativeInfinity : window.Values[Maximum(window.Values)];

    /// <summary>The place of the maximum; −1 where there is no element.</summary>
    internal static int Maximum(IReadOnlyList<double> values)
    {
        var best = values.Count > 0 ? 0 : -1;
        for (var i = 1; i < values.Count; i++)
            if (values[i] > values[best] || double.IsNaN(values[i]))
                best = i;
        return best;
    }

    /// <summary>The places that equal the maximum; of a NaN there is one.</summary>
    private static IEnumerable<int> Maxima(IReadOnlyList<double> values)
    {
        var best = Maximum(values);
        return Enumerable.Range(0, values.Count).Where(i => i == best || values[i] == values[best]);
    }

    private static int WithoutNaN(IReadOnlyList<double> values)
    {
        var best = Maximum([.. values.Select(value => double.IsNaN(value) ? double.NegativeInfinity : value)]);
        return best >= 0 && double.IsNaN(values[best]) ? Enumerable.Range(0, values.Count).FirstOrDefault(i => !double.IsNaN(values[i]), best) : best;
    }

    private static int FirstNaN(IReadOnlyList<double> values)
    {
        var first = Enumerable.Range(0, values.Count).FirstOrDefault(i => double.IsNaN(values[i]), -1);
        return first < 0 ? Maximum(values) : first;
    }
}
