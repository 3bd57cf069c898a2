using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.MaxPool2dDefect;
using static Conformance.Oracle.Operations.MaxPool2dTerms;
using static Conformance.Oracle.Operations.PoolDefect;

namespace Conformance.Oracle.Operations;

/// <summary>
/// Known mistakes that select a wrong element of a window, or store its place wrongly. A maximum that starts at the smallest positive number is not
/// listed, because it differs from one that starts at 0 by only 2⁻¹²⁶.
/// </summary>
internal static class MaxPool2dPlaceDefects
{
    public static IEnumerable<Defect> All { get; } = [.. Places(), .. Searches(), .. Picks(), .. Windows()];

    private static IEnumerable<Defect> Places() =>
    [
        Target("index-in-the-padded-plane", PoolIndex, "the index of the maximum is one of the padded plane, and the padding is never taken off",
            "keep the index in the input: (oh·sh − ph + i·dh)·W + ow·sw − pw + j·dw",
            (g, tap) => tap with { IH = tap.IH + g.Height.Padding, IW = tap.IW + g.Width.Padding })
            .Index("dx[n, c, h + ph, w + pw]", "dx[n, c, h, w]"),
        Target("padded-index-decoded-by-width", PoolIndex,
            "the index of the maximum steps rows by W + 2·pw, and is taken apart by W before the padding is taken off",
            "take it apart by W + 2·pw, the width that it was made with",
            (g, tap) => Padded(g, tap) switch
            {
                var p => tap with { IH = p / g.Width.Length - g.Height.Padding, IW = p % g.Width.Length - g.Width.Padding },
            })
            .Index("h = p / W − ph, w = p mod W − pw", "h = p / (W + 2·pw) − ph, w = p mod (W + 2·pw) − pw"),
        Target("padded-index-used-as-it-is", PoolIndex, "the index of the maximum in the padded plane is used in the plane without padding",
            "take it apart by W + 2·pw, and the padding off",
            (g, tap) => Padded(g, tap) switch { var p => tap with { IH = p / g.Width.Length, IW = p % g.Width.Length } })
            .Index("dx[(n·C + c)·H·W + p]", "dx[n, c, p / (W + 2·pw) − ph, p mod (W + 2·pw) − pw]"),
        Target("index-within-the-window", PoolIndex, "the place within the window is taken for one in the plane: all gradients land at the top left",
            "add where the window starts: oh·sh − ph, ow·sw − pw",
            (_, tap) => tap with { IH = tap.I, IW = tap.J })
            .Index("dx[n, c, i, j]", "dx[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − pw]"),
        Target("index-without-dilation", Dilation, "the gradient goes to the place of a window that is not dilated",
            "keep the index in the input: (oh·sh − ph + i·dh)·W + ow·sw − pw + j·dw",
            (g, tap) => tap with { IH = tap.IH - tap.I * (g.Height.Dilation - 1), IW = tap.IW - tap.J * (g.Width.Dilation - 1) })
            .Index("dx[n, c, oh·sh + i − ph, ow·sw + j − pw]", "dx[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − pw]"),
        Target("index-without-padding", Padding, "the gradient goes to oh·sh + i and ow·sw + j: the padding is not taken off",
            "keep the index in the input: (oh·sh − ph + i·dh)·W + ow·sw − pw + j·dw",
            (g, tap) => tap with { IH = tap.IH + 2 * g.Height.Padding, IW = tap.IW + 2 * g.Width.Padding }),
        Target("index-decoded-by-kernel-height", PoolIndex, "the place within the window is taken apart by the kernel's height: (k / kh, k mod kh)",
            "take it apart by the kernel's width: (k / kw, k mod kw)",
            (g, tap) => (tap.I * g.Width.Kernel + tap.J) switch { var k => g.Place(tap, k / g.Height.Kernel, k % g.Height.Kernel) })
            .Index("i = k / kh, j = k mod kh", "i = k / kw, j = k mod kw"),
        Target("index-decoded-by-height", OddInput, "the index h·W + w is taken apart by the height: (p / H, p mod H)",
            "take it apart by the width: (p / W, p mod W)",
            (g, tap) => (tap.IH * g.Width.Length + tap.IW) switch { var p => tap with { IH = p / g.Height.Length, IW = p % g.Height.Length } })
            .Index("h = p / H, w = p mod H", "h = p / W, w = p mod W"),
        Target("index-without-image", BatchIndex, "the index within the image is used without the image: all gradients land in image 0",
            "add the plane's offset: (n·C + c)·H·W",
            (g, tap) => tap with { Plane = tap.Plane % g.Channels })
            .Index("dx[c·H·W + h·W + w]", "dx[(n·C + c)·H·W + h·W + w]"),
    ];

    private static IEnumerable<Defect> Searches() =>
    [
        Search("index-by-value-in-the-plane", "the gradient goes to the first element of the whole plane that equals the window's maximum",
            (g, tap) => (tap.Plane * g.Height.Length * g.Width.Length, g.Height.Length * g.Width.Length)),
        Search("index-by-value-in-the-image",
            "the gradient goes to the first element of the whole image, in any channel, that equals the window's maximum",
            (g, tap) => (tap.Plane / g.Channels * g.Channels * g.Height.Length * g.Width.Length, g.Channels * g.Height.Length * g.Width.Length)),
        Search("index-by-value-in-the-input", "the gradient goes to the first element of the whole input that equals the window's maximum",
            (_, _) => (0, int.MaxValue)),
    ];

    private static IEnumerable<Defect> Picks() =>
    [
        Winners("minimum", Both, Formula,
            "the least element of a window wins: < for >",
            "replace the maximum by a greater element",
            window => One(Maximum([.. window.Values.Select(value => -value)]))),
        Winners("largest-magnitude", Both, Formula,
            "the element with the largest absolute value wins",
            "compare the elements with their signs",
            window => One(Maximum([.. window.Values.Select(Math.Abs)]))),
        Winners("first-element", Both, Formula,
            "a window's first element is answered, whatever the others are",
            "compare each element with the greatest so far",
            window => One(window.Values.Count > 0 ? 0 : -1)),
        Winners("last-element-left-out", Both, PoolIndex,
            "the last element of a window is never compared: k < kh·kw − 1",
            "compare every element of the window",
            window => One(Maximum([.. window.Values.Take(Math.Max(1, window.Values.Count - 1))]))),
        Winners("compared-with-the-one-before", Both, Formula,
            "each element is compared with the one before it, not with the greatest so far",
            "compare each element with the greatest so far",
            window => One(Enumerable.Range(0, window.Values.Count)
                .LastOrDefault(i => i == 0 || window.Values[i] > window.Values[i - 1] || double.IsNaN(window.Values[i]), -1))),
        Winners("gradient-to-the-whole-window", Passes.InputGradient, Derivative,
            "every element of a window gets the gradient",
            "add dy to the maximum alone",
            window => Enumerable.Range(0, window.Values.Count).Select(place => (place, 1.0))),
        Winners("gradient-spread", Passes.InputGradient, Derivative,
            "the gradient is spread over the window, as an average pool's is",
            "add dy to the maximum alone",
            window => Enumerable.Range(0, window.Values.Count).Select(place => (place, 1.0 / window.Whole))),
        Winners("minus-infinity-without-a-place", Passes.InputGradient, NonFinite,
            "the maximum starts at −∞ without a place: a window of −∞ alone gets no gradient",
            "start with the place of the window's first element",
            window => double.IsNegativeInfinity(Best(window)) ? [] : One(Maximum(window.Values))),
        new ResultDefect("max_pool2d.maximum-starts-at-the-lowest-number", Passes.Forward, NonFinite,
            "the maximum starts at the lowest finite number: a window of −∞ alone answers that",
            "start at −∞, or with the window's first element",
            (_, y) => y.Select(value => Math.Max(value, float.MinValue))),
    ];

    private static IEnumerable<Defect> Windows() =>
    [
        new TapDefect<PoolGeometry, PoolTap>("max_pool2d.row-dilation-for-both", Both, Dilation,
            "the dilation of the rows is taken for the columns too",
            "read the column ow·sw + j·dw − pw",
            (g, tap) => tap with { IW = tap.IW + tap.J * (g.Height.Dilation - g.Width.Dilation) })
            .Index("x[n, c, oh·sh + i·dh − ph, ow·sw + j·dh − pw]", PoolDefect.Read),
        new TapDefect<PoolGeometry, PoolTap>("max_pool2d.column-dilation-for-both", Both, Dilation,
            "the dilation of the columns is taken for the rows too",
            "read the row oh·sh + i·dh − ph",
            (g, tap) => tap with { IH = tap.IH + tap.I * (g.Width.Dilation - g.Height.Dilation) })
            .Index("x[n, c, oh·sh + i·dw − ph, ow·sw + j·dw − pw]", PoolDefect.Read),
        PoolDefect.Size("max_pool2d", "size-without-dilation", Dilation,
            "the dilation is left out of the output's size: there are more windows than fit",
            "there are (H + 2p − (k − 1)·d − 1)/s + 1 windows",
            axis => (axis with { Dilation = 1 }).Windows, _ => double.NegativeInfinity),
        PoolDefect.Size("max_pool2d", "ceil-window-of-padding-alone", Option,
            "ceil_mode keeps a last window that starts in the padding behind the input, and answers −∞ there",
            "drop it: the last window must start inside the input or the padding before it",
            axis => axis.Ceil && axis.Room >= 0 ? (axis.Room + axis.Stride - 1) / axis.Stride + 1 : axis.Windows, _ => double.NegativeInfinity)
            .From(Seen.Issues("pytorch#116420", "onnxruntime#16203")),
    ];

    private static int Padded(PoolGeometry g, PoolTap tap) =>
        (tap.IH + g.Height.Padding) * (g.Width.Length + 2 * g.Width.Padding) + tap.IW + g.Width.Padding;

    /// <param name="range">The start and the length of the search.</param>
    private static TermDefect<MaxPool2dTerms> Search(string name, string mistake, Func<PoolGeometry, PoolTap, (int Start, int Length)> range) =>
        new($"max_pool2d.{name}", Passes.InputGradient, PoolIndex, mistake, "keep the index of the maximum in forward and add dy there",
            terms => terms with { Search = (x, g, tap) => First(x, g, tap, range(g, tap)) });

    private static PoolTap First(Tensor64 x, PoolGeometry g, PoolTap tap, (int Start, int Length) range)
    {
        var found = x.Data[range.Start..][..Math.Min(range.Length, x.Length - range.Start)].IndexOf(x[g.Flat(tap)]) + range.Start;
        return tap with
        {
            Plane = found / (g.Height.Length * g.Width.Length),
            IH = found / g.Width.Length % g.Height.Length,
            IW = found % g.Width.Length
        };
    }
}
