using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.PoolDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of all pools: the place of the windows, their number, and missing refusals.</summary>
internal static class PoolDefects
{
    public static IEnumerable<Defect> For(string op) =>
    [
        .. Windows(op), .. PoolIndexDefects.For(op), .. PlaneDefects.For<PoolGeometry>(op), .. Refusals(op), .. MisreadOptions.For(op),
        .. MisreadOptions.OfKernel(op), .. GradientDefects.For(op, "gradient-missing"),
    ];

    /// <summary>The mistakes in the place of the windows.</summary>
    private static IEnumerable<Defect> Windows(string op)
    {
        yield return Window(op, "kernel-swapped", Both, PoolIndex,
            "the kernel's height and width are swapped",
            "kernel_size is (height, width): i runs over kh rows, j over kw columns",
            (g, tap) => g.Place(tap, (tap.I * g.Width.Kernel + tap.J) / g.Height.Kernel, (tap.I * g.Width.Kernel + tap.J) % g.Height.Kernel))
            .Index("i < kw, j < kh", "i < kh, j < kw");
        yield return Window(op, "stride-swapped", Both, PoolIndex,
            "the strides of height and width are swapped",
            "stride is (height, width): row oh·sh + i, column ow·sw + j",
            (g, tap) => tap with
            {
                IH = tap.IH + tap.OH * (g.Width.Stride - g.Height.Stride),
                IW = tap.IW + tap.OW * (g.Height.Stride - g.Width.Stride)
            })
            .Index("x[n, c, oh·sw + i·dh − ph, ow·sh + j·dw − pw]", Read);
        yield return Window(op, "padding-swapped", Both, Padding,
            "the paddings of height and width are swapped",
            "padding is (height, width): rows start at −ph, columns at −pw",
            (g, tap) => tap with { IH = tap.IH + g.Height.Padding - g.Width.Padding, IW = tap.IW + g.Width.Padding - g.Height.Padding })
            .Index("x[n, c, oh·sh + i·dh − pw, ow·sw + j·dw − ph]", Read);
        yield return Window(op, "padding-ignored", Both, Padding,
            "the padding is in the output's size alone: windows start at oh·stride",
            "start the window at oh·stride − padding",
            (g, tap) => tap with { IH = tap.IH + g.Height.Padding, IW = tap.IW + g.Width.Padding })
            .Index("x[n, c, oh·sh + i·dh, ow·sw + j·dw]", Read);
        yield return Window(op, "padding-one-less", Both, Padding,
            "windows start one row too low and one column too far right: padding − 1",
            "start the window at oh·stride − padding",
            (_, tap) => tap with { IH = tap.IH + 1, IW = tap.IW + 1 })
            .Index("x[n, c, oh·sh + i·dh − ph + 1, ow·sw + j·dw − pw + 1]", Read);
        yield return Window(op, "padding-one-more", Both, Padding,
            "windows start one row too high and one column too far left: padding + 1",
            "start the window at oh·stride − padding",
            (_, tap) => tap with { IH = tap.IH - 1, IW = tap.IW - 1 })
            .Index("x[n, c, oh·sh + i·dh − ph − 1, ow·sw + j·dw − pw − 1]", Read);
        yield return new ResultDefect($"{op}.output-by-columns", Passes.Forward, PoolIndex,
            "each plane of the output is written column by column",
            "write window (oh, ow) at oh·OW + ow",
            (_, y) => Planes.Moved(y, Planes.ByColumns))
            .Index("y[(n·C + c)·OH·OW + ow·OH + oh]", "y[(n·C + c)·OH·OW + oh·OW + ow]");
        yield return new ResultDefect($"{op}.planes-exchanged", Passes.Forward, Layout,
            "the pooled planes are [C, N, …], and become [N, C, …] by their shape alone",
            "transpose them to images first, or pool image by image",
            (_, y) => Planes.Moved(y, Planes.ChannelsFirst))
            .Index("y[c·N + n, oh, ow]", "y[n·C + c, oh, ow]");
        yield return Window(op, "stride-ignored", Both, PoolIndex,
            "windows start at oh and ow instead of oh·stride and ow·stride",
            "multiply the window's number by the stride",
            WithoutStride)
            .Index("x[n, c, oh + i·dh − ph, ow + j·dw − pw]", Read);
        yield return Window(op, "backward-ignores-stride", Passes.InputGradient, PoolIndex,
            "the gradient's windows start at oh and ow instead of oh·stride and ow·stride",
            "walk the same windows backward as forward",
            WithoutStride)
            .Index("dx[n, c, oh + i·dh − ph, ow + j·dw − pw]", "dx[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − pw]");
        yield return Size(op, "ceil-ignored", Option,
            "ceil_mode is ignored: the partial last window is dropped",
            "with ceil_mode round the number of windows up",
            axis => (axis with { Ceil = false }).Windows)
            .From(Seen.Issues("pytorch#71549", "onnx#4958"));
        yield return Size(op, "ceil-for-floor", Option,
            "the number of windows is always rounded up",
            "without ceil_mode round it down: (H + 2p − k) / s + 1",
            axis => (axis with { Ceil = true }).Windows);
        yield return Size(op, "ceil-keeps-a-window-in-the-padding", Option,
            "ceil_mode keeps a last window that starts behind the input",
            "drop it: the last window must start inside the input or the padding before it",
            axis => axis.Ceil && axis.Room >= 0 ? (axis.Room + axis.Stride - 1) / axis.Stride + 1 : axis.Windows)
            .From(Seen.Issues("pytorch#116420", "onnxruntime#16203"));
        yield return new ScaleDefect($"{op}.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: layers before it learn nothing",
            "add each window's gradient to dx", _ => 0);
        yield return new ResultDefect($"{op}.gradient-cropped-to-nothing", Passes.InputGradient, Padding,
            "the padding is cut off as [p : −p], which leaves nothing where p is 0",
            "cut from p to p + H, which holds for a padding of 0 too",
            (of, dx) => of.Attributes.Ints("padding", 2) is var p && p[0] > 0 && p[1] > 0 ? dx
                : Tensor64.Zeros(dx.Shape[0], dx.Shape[1], p[0] > 0 ? dx.Shape[2] : 0, p[1] > 0 ? dx.Shape[3] : 0));
        yield return new AssignDefect($"{op}.overlap-assigned", Passes.InputGradient,
            "where windows overlap the gradient is assigned: = for +=",
            "add each window's gradient: dx[…] += …");
    }

    private static IEnumerable<Defect> Refusals(string op)
    {
        yield return new AcceptDefect($"{op}.kernel-too-large-accepted",
            "a kernel larger than the padded input is answered with numbers",
            "refuse it: (kernel − 1)·dilation + 1 must be at most the padded extent",
            layerCase => layerCase.Refused!.StartsWith("the kernel", StringComparison.Ordinal));
        yield return new AcceptDefect($"{op}.padding-unchecked",
            "padding below 0, or more than half the kernel, is taken",
            "refuse padding below 0 or above kernel/2",
            layerCase => layerCase.Refused!.Contains("padding ", StringComparison.Ordinal)
                && !layerCase.Refused.StartsWith("the kernel", StringComparison.Ordinal));
        yield return new AcceptDefect($"{op}.stride-unchecked",
            "a stride of 0 is taken",
            "refuse a stride below 1",
            layerCase => layerCase.Refused!.StartsWith("stride", StringComparison.Ordinal));
    }

    private static PoolTap WithoutStride(PoolGeometry g, PoolTap tap) =>
        tap with { IH = tap.IH - tap.OH * (g.Height.Stride - 1), IW = tap.IW - tap.OW * (g.Width.Stride - 1) };
}
