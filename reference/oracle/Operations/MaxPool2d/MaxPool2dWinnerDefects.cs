using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.MaxPool2dDefect;
using static Conformance.Oracle.Operations.MaxPool2dTerms;
using static Conformance.Oracle.Operations.PoolDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of a max pool that select a wrong winner, above all among equal elements, or send its gradient elsewhere.</summary>
internal static class MaxPool2dWinnerDefects
{
    public static IEnumerable<Defect> All { get; } =
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
            (g, tap) => g.Place(tap, (tap.I * g.Width.Kernel + tap.J) % g.Height.Kernel, (tap.I * g.Width.Kernel + tap.J) / g.Height.Kernel))
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
        new TermDefect<MaxPool2dTerms>("max_pool2d.nan-ignored", Both, NonFinite,
            "a NaN loses every comparison and is left out",
            "let a NaN replace the maximum: value > max || isnan(value)",
            terms => terms with { Winners = window => WithoutNaN(window, terms.Winners) }),
        Winners("first-nan-wins", Passes.InputGradient, NonFinite,
            "of several NaN the first gets the gradient: the comparison stops at it",
            "let every NaN replace the maximum, as PyTorch does",
            window => One(FirstNaN(window.Values))),
        Target("index-without-stride", PoolIndex, "the gradient goes to row oh + i and column ow + j: the window's own place without the stride",
            "keep the index in the input: (oh·sh − ph + i·dh)·W + ow·sw − pw + j·dw",
            (g, tap) => tap with { IH = tap.OH + tap.I * g.Height.Dilation - g.Height.Padding,
                IW = tap.OW + tap.J * g.Width.Dilation - g.Width.Padding })
            .Index("dx[n, c, oh + i·dh − ph, ow + j·dw − pw]", "dx[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − pw]"),
        Target("index-by-columns", PoolIndex, "the index of the maximum is written as w·H + h and read as h·W + w",
            "write it as h·W + w",
            (g, tap) => tap with { IH = (tap.IW * g.Height.Length + tap.IH) / g.Width.Length,
                IW = (tap.IW * g.Height.Length + tap.IH) % g.Width.Length })
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
            .Index("x[n, c, oh·sh + i − ph, ow·sw + j − pw]", PoolDefect.Read),
        new TapDefect<PoolGeometry, PoolTap>("max_pool2d.dilation-swapped", Both, Dilation,
            "the dilations of height and width are swapped",
            "dilation is (height, width): row oh·sh + i·dh − ph, column ow·sw + j·dw − pw",
            (g, tap) => tap with { IH = tap.IH + tap.I * (g.Width.Dilation - g.Height.Dilation),
                IW = tap.IW + tap.J * (g.Height.Dilation - g.Width.Dilation) })
            .Index("x[n, c, oh·sh + i·dw − ph, ow·sw + j·dh − pw]", PoolDefect.Read),
    ];

    /// <summary>The places that equal the maximum; only one if it is NaN.</summary>
    private static IEnumerable<int> Maxima(IReadOnlyList<double> values)
    {
        var best = Maximum(values);
        return Enumerable.Range(0, values.Count).Where(i => i == best || values[i] == values[best]);
    }

    /// <summary>The winners among a window's numbers; its first element if it has none.</summary>
    private static IEnumerable<(int Place, double Share)> WithoutNaN(
        PoolWindow window, Func<PoolWindow, IEnumerable<(int Place, double Share)>> winners)
    {
        int[] numbers = [.. Enumerable.Range(0, window.Values.Count).Where(place => !double.IsNaN(window.Values[place]))];
        var kept = window with
        {
            Taps = [.. numbers.Select(place => window.Taps[place])],
            Values = [.. numbers.Select(place => window.Values[place])],
        };
        return numbers.Length == 0
            ? One(window.Values.Count > 0 ? 0 : -1)
            : winners(kept).Select(winner => (numbers[winner.Place], winner.Share));
    }

    private static int FirstNaN(IReadOnlyList<double> values)
    {
        var first = Enumerable.Range(0, values.Count).FirstOrDefault(i => double.IsNaN(values[i]), -1);
        return first < 0 ? Maximum(values) : first;
    }
}
