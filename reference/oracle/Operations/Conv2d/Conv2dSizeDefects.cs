using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the size of a result, and in its order in memory.</summary>
internal static class Conv2dSizeDefects
{
    public static IEnumerable<Defect> All { get; } =
    [
        new CaseDefect("conv2d.output-size-rounded-up", Passes.Forward, Stride,
            "the number of windows is rounded up: a last one reaches behind the padding",
            "round it down: (H + padding − (k − 1)·dilation − 1)/stride + 1",
            layerCase => PaddedBehind(layerCase, g => (
                Missing(g.H + g.Top + g.Bottom, g.KH, g.StrideH, g.DilationH), Missing(g.W + g.Left + g.Right, g.KW, g.StrideW, g.DilationW)))),
        new CaseDefect("conv2d.output-size-without-dilation", Passes.Forward, Dilation,
            "the dilation is left out of the output's size: there are more windows than fit",
            "there are (H + padding − (k − 1)·dilation − 1)/stride + 1 windows",
            layerCase => PaddedBehind(layerCase, g => ((g.KH - 1) * (g.DilationH - 1), (g.KW - 1) * (g.DilationW - 1)))),
        new ResultDefect("conv2d.backward-input-without-remainder", Passes.InputGradient, Stride,
            "the input gradient is as large as the windows reach: rows and columns behind the last one are missing",
            "give dx the input's shape, zeros behind the last window",
            (layerCase, dx) => Conv2dGeometry.FromCase(layerCase) is var g
                ? Cut(dx, Reached(g.OH, g.StrideH, g.KH, g.DilationH, g.Top, g.H), Reached(g.OW, g.StrideW, g.KW, g.DilationW, g.Left, g.W)) : dx)
            .From(Seen.Issues("torch7#20", "backpack#30", "opacus PR#245")),
        new ResultDefect("conv2d.backward-input-cropped-to-nothing", Passes.InputGradient, Padding,
            "the padding is cut off as [p : −p], which leaves nothing where p is 0",
            "cut from top to top + H, which holds for a padding of 0 too",
            (layerCase, dx) => Conv2dGeometry.FromCase(layerCase) is var g ? Cut(dx, g.Bottom == 0 ? 0 : g.H, g.Right == 0 ? 0 : g.W) : dx),
        new ResultDefect("conv2d.output-by-columns", Passes.Forward, OddInput,
            "each plane of the output is written column by column",
            "write pixel (oh, ow) at oh·OW + ow",
            (_, y) => Planes.Moved(y, Planes.ByColumns))
            .Index("y[(n·O + o)·OH·OW + ow·OH + oh]", "y[(n·O + o)·OH·OW + oh·OW + ow]"),
        Change("input-channels-last", Everywhere, Layout,
            "the input is read as [N, H, W, C]",
            "images are [N, C, H, W]: x[n,c,h,w] at ((n·C + c)·H + h)·W + w",
            (g, tap) => g.Holds(tap)
                ? ((tap.IH * g.W + tap.IW) * g.C + tap.C) switch { var flat =>
                    tap with { C = flat / (g.H * g.W), IH = flat / g.W % g.H, IW = flat % g.W } } : Lost(tap))
            .Index("x[((n·H + h)·W + w)·C + c]", "x[((n·C + c)·H + h)·W + w]")
            .From(Seen.Convention("Keras: images are [N, H, W, C]")),
    ];

    /// <summary>The case with more padding behind the input; the case itself if it has no images.</summary>
    private static LayerCase PaddedBehind(LayerCase layerCase, Func<Conv2dGeometry, (int Below, int Right)> more)
    {
        var g = Conv2dGeometry.FromCase(layerCase);
        var (below, right) = more(g);
        return g.N == 0 ? layerCase
            : layerCase with { Attributes = layerCase.Attributes.With("padding", new[] { g.Top, g.Bottom + below, g.Left, g.Right + right }) };
    }

    /// <summary>The number of rows that one more window would need; 0 if the windows end exactly at the border.</summary>
    private static int Missing(int padded, int k, int stride, int dilation) => (stride - (padded - (k - 1) * dilation - 1) % stride) % stride;

    /// <summary>The number of input rows up to the end of the last window.</summary>
    private static int Reached(int windows, int stride, int k, int dilation, int before, int extent) =>
        Math.Clamp((windows - 1) * stride + (k - 1) * dilation + 1 - before, 0, extent);

    private static Tensor64 Cut(Tensor64 dx, int rows, int columns)
    {
        var kept = Enumerable.Range(0, dx.Length).Where(flat => dx.IndexOf(flat) is var at && at[2] < rows && at[3] < columns);
        return new([dx.Shape[0], dx.Shape[1], rows, columns], [.. kept.Select(flat => dx[flat])]);
    }
}
