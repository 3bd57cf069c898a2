using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The mistakes that people make in a convolution: those found in public engines and issue threads, and others that a reader of the formula may make.</summary>
internal static class Conv2dDefects
{
    private const Passes Everywhere = Passes.Forward | Passes.InputGradient | Passes.WeightGradient;
    private const Passes BothGradients = Passes.InputGradient | Passes.WeightGradient;

    private const string Read = "x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]";
    private const string Written = "dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]";
    private const string Kernel = "w[o, c, i, j]";

    public static IReadOnlyList<Defect> All { get; } = [.. Kernels(), .. Windows(), .. Channels(), .. Batch(), .. Factors(), .. Loops(), .. Refusals()];

    private static IEnumerable<Defect> Kernels() =>
    [
        Change("kernel-rotated", Everywhere, KernelIndex,
            "the kernel is rotated by 180°: a true convolution where PyTorch means cross-correlation",
            "index w[o,c,i,j] with the same i and j that index the input",
            (g, tap) => tap with { I = g.KH - 1 - tap.I, J = g.KW - 1 - tap.J })
            .Index("w[o, c, kh − 1 − i, kw − 1 − j]", Kernel)
            .From(Seen.Convention("SciPy: convolve2d rotates the kernel")),
        Change("backward-input-kernel-rotated", Passes.InputGradient, KernelIndex,
            "the input gradient correlates dy with the kernel as it stands, where it must be rotated by 180°",
            "add dy[n,o,oh,ow]·w[o,c,i,j] to the input that forward multiplied by the same w[o,c,i,j]",
            (g, tap) => tap with { I = g.KH - 1 - tap.I, J = g.KW - 1 - tap.J })
            .Index("w[o, c, kh − 1 − i, kw − 1 − j]", Kernel),
        Change("kh-kw-swapped", Everywhere, KernelIndex,
            "the kernel is stored or read column by column: w[o,c,j,i]",
            "let the kernel's row i be the outer index, its column j the inner: w[o,c,i,j] at ((o·C + c)·kh + i)·kw + j",
            Transposed)
            .Index("w[o, c, j, i]", Kernel),
        Change("weight-in-out-swapped", Everywhere, KernelIndex,
            "the weight is stored or read as [in, out, kh, kw]",
            "let the output channel be the weight's first axis: w[o,c,i,j]",
            (g, tap) => (tap.K * g.O + tap.F) switch { var flat => tap with { F = flat / g.GroupInputs, K = flat % g.GroupInputs } })
            .Index("w[c, o, i, j]", Kernel)
            .From(Seen.Convention("PyTorch: conv_transpose2d has [in, out, kh, kw]")),
        Change("kernel-upside-down", Everywhere, KernelIndex,
            "the kernel's rows are read from the last to the first",
            "index w[o,c,i,j] with the same i that indexes the input",
            (g, tap) => tap with { I = g.KH - 1 - tap.I })
            .Index("w[o, c, kh − 1 − i, j]", Kernel),
        Change("kernel-mirrored", Everywhere, KernelIndex,
            "the kernel's columns are read from the last to the first",
            "index w[o,c,i,j] with the same j that indexes the input",
            (g, tap) => tap with { J = g.KW - 1 - tap.J })
            .Index("w[o, c, i, kw − 1 − j]", Kernel),
        Change("backward-weight-rotated", Passes.WeightGradient, KernelIndex,
            "the weight gradient is rotated by 180°, as one that was computed for a true convolution",
            "add dy[n,o,oh,ow]·x to the dw[o,c,i,j] whose w[o,c,i,j] forward multiplied by the same x",
            (g, tap) => tap with { I = g.KH - 1 - tap.I, J = g.KW - 1 - tap.J })
            .Index("dw[o, c, kh − 1 − i, kw − 1 − j]", "dw[o, c, i, j]"),
        Change("backward-input-kh-kw-swapped", Passes.InputGradient, KernelIndex,
            "the input gradient reads the kernel column by column: w[o,c,j,i]",
            "read w[o,c,i,j] at ((o·C + c)·kh + i)·kw + j in every pass",
            Transposed)
            .Index("w[o, c, j, i]", Kernel),
        Change("backward-weight-kh-kw-swapped", Passes.WeightGradient, KernelIndex,
            "the weight gradient is written column by column: dw[o,c,j,i]",
            "write dw[o,c,i,j] at ((o·C + c)·kh + i)·kw + j, as the weight lies",
            Transposed)
            .Index("dw[o, c, j, i]", "dw[o, c, i, j]"),
        Change("last-kernel-row-lost", Everywhere, KernelIndex,
            "the loop over the kernel's rows ends one early: i < kh − 1",
            "let i run to kh − 1 included",
            (g, tap) => tap.I < g.KH - 1 ? tap : Lost(tap)),
        Change("last-kernel-column-lost", Everywhere, KernelIndex,
            "the loop over the kernel's columns ends one early: j < kw − 1",
            "let j run to kw − 1 included",
            (g, tap) => tap.J < g.KW - 1 ? tap : Lost(tap)),
    ];

    private static IEnumerable<Defect> Windows() =>
    [
        PaddingOff("one-less-rows", "the window starts one row too low: top padding − 1", rows: -1, columns: 0),
        PaddingOff("one-more-rows", "the window starts one row too high: top padding + 1", rows: 1, columns: 0),
        PaddingOff("one-less-columns", "the window starts one column too far right: left padding − 1", rows: 0, columns: -1),
        PaddingOff("one-more-columns", "the window starts one column too far left: left padding + 1", rows: 0, columns: 1),
        PaddingOff("one-less", "the window starts one row too low and one column too far right: padding − 1", rows: -1, columns: -1),
        PaddingOff("one-more", "the window starts one row too high and one column too far left: padding + 1", rows: 1, columns: 1),
        Change("padding-swapped", Everywhere, Padding,
            "the padding of height and width is swapped",
            "take the top padding for rows, the left padding for columns",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.Left, IW = tap.IW + g.Left - g.Top })
            .Index("x[n, c, oh·sh + i·dh − left, ow·sw + j·dw − top]", Read),
        Change("end-padding-as-begin", Everywhere, Padding,
            "the padding behind the input (bottom, right) is put before it",
            "start the window at oh·stride − top, ow·stride − left",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.Bottom, IW = tap.IW + g.Left - g.Right })
            .Index("x[n, c, oh·sh + i·dh − bottom, ow·sw + j·dw − right]", Read),
        Change("padding-in-size-alone", Everywhere, Padding,
            "the padding enters the size formula, but the windows start at the input's first element",
            "start the window at oh·stride − top, ow·stride − left",
            WithoutPadding)
            .Index("x[n, c, oh·sh + i·dh, ow·sw + j·dw]", Read),
        Change("backward-input-ignores-padding", Passes.InputGradient, Padding,
            "the input gradient is not cropped: dx[oh·sh + i·dh] where the padding begins",
            "add to dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutPadding)
            .Index("dx[n, c, oh·sh + i·dh, ow·sw + j·dw]", Written),
        Change("backward-weight-ignores-padding", Passes.WeightGradient, Padding,
            "the weight gradient reads the input without its padding: x[oh·sh + i·dh]",
            "read x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left], zero outside",
            WithoutPadding)
            .Index("x[n, c, oh·sh + i·dh, ow·sw + j·dw]", Read),
        Change("backward-input-padding-swapped", Passes.InputGradient, Padding,
            "the input gradient is cropped on the wrong axes: by the left padding in rows, by the top padding in columns",
            "add to dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.Left, IW = tap.IW + g.Left - g.Top })
            .Index("dx[n, c, oh·sh + i·dh − left, ow·sw + j·dw − top]", Written),
        Change("padding-replicated", Everywhere, Padding,
            "the padding repeats the input's edge instead of being zero",
            "let what lies outside the input contribute nothing",
            (g, tap) => tap with { IH = Math.Clamp(tap.IH, 0, g.H - 1), IW = Math.Clamp(tap.IW, 0, g.W - 1) }),
        Change("stride-swapped", Everywhere, Stride,
            "the strides of height and width are swapped",
            "step rows by the first stride, columns by the second",
            (g, tap) => At(tap, g, g.StrideW, g.StrideH, g.DilationH, g.DilationW))
            .Index("x[n, c, oh·sw + i·dh − top, ow·sh + j·dw − left]", Read),
        Change("dilation-swapped", Everywhere, Dilation,
            "the dilations of height and width are swapped",
            "space the kernel's rows by the first dilation, its columns by the second",
            (g, tap) => At(tap, g, g.StrideH, g.StrideW, g.DilationW, g.DilationH))
            .Index("x[n, c, oh·sh + i·dw − top, ow·sw + j·dh − left]", Read),
        Change("stride-dilation-exchanged", Everywhere, Stride,
            "stride and dilation are exchanged: oh·dilation + i·stride",
            "read x[oh·stride + i·dilation − padding]",
            (g, tap) => At(tap, g, g.DilationH, g.DilationW, g.StrideH, g.StrideW))
            .Index("x[n, c, oh·dh + i·sh − top, ow·dw + j·sw − left]", Read)
            .From(Seen.Issues("candle PR#2337")),
        Change("stride-ignored", Passes.Forward, Stride,
            "the windows start at oh and ow, whatever the stride",
            "start the window at oh·stride − padding",
            WithoutStride)
            .Index("x[n, c, oh + i·dh − top, ow + j·dw − left]", Read),
        Change("backward-input-ignores-stride", Passes.InputGradient, Stride,
            "the stride is ignored in the input gradient: dx[oh + i, ow + j]",
            "add to dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutStride)
            .Index("dx[n, c, oh + i·dh − top, ow + j·dw − left]", Written)
            .From(Seen.Issues("deep-learning-coursera PR#34")),
        Change("backward-weight-ignores-stride", Passes.WeightGradient, Stride,
            "the stride is ignored in the weight gradient: x[oh + i, ow + j]",
            "read x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutStride)
            .Index("x[n, c, oh + i·dh − top, ow + j·dw − left]", Read),
        Change("dilation-ignored", Passes.Forward, Dilation,
            "the kernel's taps are read side by side, whatever the dilation",
            "read x[oh·stride + i·dilation − padding]",
            WithoutDilation)
            .Index("x[n, c, oh·sh + i − top, ow·sw + j − left]", Read),
        Change("backward-input-ignores-dilation", Passes.InputGradient, Dilation,
            "the dilation is ignored in the input gradient",
            "add to dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutDilation)
            .Index("dx[n, c, oh·sh + i − top, ow·sw + j − left]", Written),
        Change("backward-weight-ignores-dilation", Passes.WeightGradient, Dilation,
            "the dilation is ignored in the weight gradient",
            "read x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutDilation)
            .Index("x[n, c, oh·sh + i − top, ow·sw + j − left]", Read),
        Change("backward-input-from-the-end", Passes.InputGradient, Stride,
            "the input gradient is aligned to the last row and column, so that a remainder which no window reached gets gradient",
            "place window oh at oh·stride − padding; what lies behind the last window keeps gradient 0",
            (g, tap) => tap with
            {
                IH = tap.IH + (g.H + g.Top + g.Bottom - (g.KH - 1) * g.DilationH - 1) % g.StrideH,
                IW = tap.IW + (g.W + g.Left + g.Right - (g.KW - 1) * g.DilationW - 1) % g.StrideW,
            })
            .From(Seen.Issues("torch7#20", "backpack#30", "opacus PR#245")),
        Change("backward-input-shifted", Passes.InputGradient, Padding,
            "the input gradient is shifted by one row and column",
            "crop the full correlation by the padding: dx[0,0] takes what the first window read at its top left",
            (_, tap) => tap with { IH = tap.IH + 1, IW = tap.IW + 1 })
            .Index("dx[n, c, oh·sh + i·dh − top + 1, ow·sw + j·dw − left + 1]", Written)
            .From(Seen.Textbook),
        Change("backward-weight-shifted", Passes.WeightGradient, Padding,
            "the weight gradient reads the input one row and one column too far",
            "pair dy[n,o,oh,ow] with the input that forward read for it",
            (_, tap) => tap with { IH = tap.IH + 1, IW = tap.IW + 1 })
            .Index("x[n, c, oh·sh + i·dh − top + 1, ow·sw + j·dw − left + 1]", Read)
            .From(Seen.Textbook),
        Change("input-rows-stepped-by-height", Everywhere, OddInput,
            "the input's rows are stepped by its height: i·H + j",
            "step rows by the width: i·W + j",
            (g, tap) => (tap.IH * g.H + tap.IW) switch { var flat when g.Holds(tap) => tap with { IH = flat / g.W, IW = flat % g.W }, _ => Lost(tap) })
            .Index("x[(n·C + c)·H·W + h·H + w]", "x[(n·C + c)·H·W + h·W + w]"),
        Change("output-rows-stepped-by-height", Passes.Forward, OddInput,
            "the output's rows are stepped by its height: oh·OH + ow",
            "step rows by the width: oh·OW + ow",
            (g, tap) => (tap.OH * g.OH + tap.OW) switch { var flat => tap with { OH = flat / g.OW, OW = flat % g.OW } })
            .Index("y[(n·O + o)·OH·OW + oh·OH + ow]", "y[(n·O + o)·OH·OW + oh·OW + ow]")
            .From(Seen.Issues("NNPACK#15", "pytorch PR#36820")),
    ];

    private static IEnumerable<Defect> Channels() =>
    [
        Change("one-kernel-for-all-channels", Everywhere, ChannelIndex,
            "the first channel of each kernel is used for every input channel",
            "index the weight by the input channel too: w[o,c,i,j]",
            (_, tap) => tap with { K = 0 })
            .Index("w[o, 0, i, j]", Kernel),
        Change("first-channel-alone", Passes.Forward, ChannelIndex,
            "the output is that of the first input channel: the sum over channels is missing",
            "sum over every input channel of the group",
            (_, tap) => tap.K == 0 ? tap : Lost(tap)),
        Change("backward-weight-reads-first-channel", Passes.WeightGradient, ChannelIndex,
            "the weight gradient multiplies dy by the first input channel for every channel of the kernel",
            "dw[o,c,i,j] takes x[n,c,…] with the same c",
            (_, tap) => tap with { C = tap.C - tap.K })
            .Index("x[n, 0, …]", "x[n, c, …]"),
        Change("backward-input-channels-reversed", Passes.InputGradient, ChannelIndex,
            "the input gradient's channels are in another order",
            "add to dx[n,c,…] with the c of w[o,c,i,j]",
            (g, tap) => tap with { C = g.C - 1 - tap.C })
            .Index("dx[n, C − 1 − c, …]", "dx[n, c, …]"),
        Change("backward-channels-rotated", BothGradients, ChannelIndex,
            "the output gradient is read at the next output channel",
            "read dy[n,o,oh,ow] with the o of the kernel w[o,…]",
            (g, tap) => tap with { O = (tap.O + 1) % g.O })
            .Index("dy[n, (o + 1) mod O, oh, ow]", "dy[n, o, oh, ow]")
            .From(Seen.Textbook),
        Change("backward-input-last-filter", Passes.InputGradient, Assignment,
            "each filter overwrites the input gradient of those before: the last filter's contribution remains",
            "sum over the filters: dx[…] += dy·w",
            (g, tap) => tap.O % g.GroupOutputs == g.GroupOutputs - 1 ? tap : Lost(tap)),
        Change("groups-read-first", Everywhere, ChannelIndex,
            "every output channel reads the first group's input",
            "output o reads input channels o/(O/groups)·(C/groups) onwards",
            (_, tap) => tap with { C = tap.K })
            .Index("x[n, k, …]", "x[n, o/(O/groups)·(C/groups) + k, …]"),
        Change("backward-input-without-group-offset", Passes.InputGradient, ChannelIndex,
            "the input gradient of every group goes to the first group's channels",
            "add to channel o/(O/groups)·(C/groups) + k",
            (_, tap) => tap with { C = tap.K })
            .Index("dx[n, k, …]", "dx[n, o/(O/groups)·(C/groups) + k, …]"),
        Change("backward-weight-without-group-offset", Passes.WeightGradient, ChannelIndex,
            "the weight gradient of every group reads the first group's input",
            "read channel o/(O/groups)·(C/groups) + k",
            (_, tap) => tap with { C = tap.K })
            .Index("x[n, k, …]", "x[n, o/(O/groups)·(C/groups) + k, …]")
            .From(Seen.Issues("pytorch#51430")),
        Change("groups-dealt-in-turn", Everywhere, ChannelIndex,
            "outputs are dealt to the groups in turn: group o mod groups (a depthwise multiplier read the wrong way round)",
            "output o belongs to group o/(O/groups)",
            (g, tap) => tap with { C = tap.O % g.Groups * g.GroupInputs + tap.K })
            .Index("x[n, o mod groups·(C/groups) + k, …]", "x[n, o/(O/groups)·(C/groups) + k, …]"),
    ];

    private static IEnumerable<Defect> Batch() =>
    [
        Change("first-image-for-all", Passes.Forward, BatchIndex,
            "every image's output is computed from the first image",
            "index the input by n",
            (_, tap) => tap with { Image = 0 })
            .Index("x[0, c, …]", "x[n, c, …]"),
        Change("backward-weight-first-image", Passes.WeightGradient, BatchIndex,
            "the weight gradient pairs every image's dy with the first image",
            "sum dy[n,…]·x[n,…] with the same n in both",
            (_, tap) => tap with { Image = 0 })
            .Index("x[0, c, …]", "x[n, c, …]"),
        Change("backward-weight-last-image", Passes.WeightGradient, Assignment,
            "each image overwrites the weight gradient of those before",
            "sum over the images: dw[…] += dy·x",
            (g, tap) => tap.N == g.N - 1 ? tap : Lost(tap)),
        new OperandDefect("conv2d.bias-gradient-first-image", Passes.BiasGradient, BatchIndex,
            "the bias gradient is that of the first image",
            "sum dy over n, oh and ow",
            "cotangent", (_, dy) => Map(dy, (value, flat) => flat < dy.Length / dy.Shape[0] ? value : 0)),
        new ResultDefect("conv2d.output-not-transposed", Passes.Forward, Layout,
            "the product [O, N·OH·OW] of an im2col engine becomes [N, O, OH, OW] by its shape alone",
            "transpose it to images first, or multiply image by image",
            (_, y) => Map(y, (_, flat) => y[Exchanged(flat, y.Shape[1], y.Shape[0], y.Shape[2] * y.Shape[3])])),
        new OperandDefect("conv2d.backward-not-transposed", BothGradients, Layout,
            "dy [N, O, OH, OW] becomes the [O, N·OH·OW] of an im2col engine by its shape alone",
            "transpose it to channels first, or multiply image by image",
            "cotangent", (_, dy) => Map(dy, (_, flat) => dy[Exchanged(flat, dy.Shape[0], dy.Shape[1], dy.Shape[2] * dy.Shape[3])])),
    ];

    private static IEnumerable<Defect> Factors() =>
    [
        new OperandDefect("conv2d.bias-added-per-channel", Passes.Forward, ChannelIndex,
            "the bias is added in the loop over input channels, once for each",
            "add b[o] once, outside the sum over channels",
            "bias", (layerCase, b) => b.Select(value => value * layerCase.Input("weight").Shape[1])),
        new OperandDefect("conv2d.bias-missing", Passes.Forward, MissingGradient,
            "the bias is never added",
            "start each output's sum at b[o]",
            "bias", (_, b) => b.Select(_ => 0)),
        new OperandDefect("conv2d.one-bias-for-all", Passes.Forward, ChannelIndex,
            "the first bias is added to every channel",
            "index the bias by the output channel",
            "bias", (_, b) => b.Select(_ => b[0]))
            .Index("b[0]", "b[o]"),
        new ScaleDefect("conv2d.bias-gradient-mean", Passes.BiasGradient, Scale,
            "the bias gradient is a mean over images and pixels",
            "sum dy over n, oh and ow; the loss has divided by N already",
            layerCase => 1 / Images(layerCase) / Pixels(layerCase)),
        new ScaleDefect("conv2d.bias-gradient-mean-over-images", Passes.BiasGradient, Scale,
            "the bias gradient is divided by the number of images once more",
            "sum dy over n, oh and ow; the loss has divided by N already", layerCase => 1 / Images(layerCase)),
        new ScaleDefect("conv2d.bias-gradient-mean-over-pixels", Passes.BiasGradient, Scale,
            "the bias gradient is a mean over the output's pixels",
            "sum dy over oh and ow, don't average", layerCase => 1 / Pixels(layerCase)),
        new ScaleDefect("conv2d.bias-gradient-negated", Passes.BiasGradient, Derivative, "the bias gradient has the other sign", "add dy to db, don't subtract it", _ => -1),
        new ResultDefect("conv2d.bias-gradient-over-filters", Passes.BiasGradient, ChannelIndex,
            "the bias gradient is summed over the filters too, and the same for all",
            "sum dy over n, oh and ow, not over o",
            (_, db) => db.Select(_ => db.Data.ToArray().Sum())),
        new ScaleDefect("conv2d.bias-gradient-missing", Passes.BiasGradient, MissingGradient,
            "the bias gradient stays zero",
            "sum dy over n, oh and ow", _ => 0),
        new ScaleDefect("conv2d.backward-weight-mean", Passes.WeightGradient, Scale,
            "the weight gradient is divided by the number of images once more",
            "sum dy·x over n; the loss has divided by N already", layerCase => 1 / Images(layerCase)),
        new ScaleDefect("conv2d.backward-weight-mean-over-pixels", Passes.WeightGradient, Scale,
            "the weight gradient is a mean over the output's pixels",
            "sum dy·x over oh and ow, don't average", layerCase => 1 / Pixels(layerCase)),
        new ScaleDefect("conv2d.backward-weight-mean-over-everything", Passes.WeightGradient, Scale,
            "the weight gradient is a mean over images and pixels",
            "sum dy·x over n, oh and ow; the loss has divided by N already", layerCase => 1 / Images(layerCase) / Pixels(layerCase)),
        new ScaleDefect("conv2d.backward-weight-times-images", Passes.WeightGradient, Scale,
            "the weight gradient is multiplied by the number of images, to undo a mean that the loss took",
            "leave dw as it is: the loss's mean belongs in it", Images),
        new ScaleDefect("conv2d.backward-weight-times-pixels", Passes.WeightGradient, Scale,
            "the weight gradient is multiplied by the number of the output's pixels",
            "sum dy·x over oh and ow, once", Pixels),
        new ScaleDefect("conv2d.backward-weight-mean-twice", Passes.WeightGradient, Scale,
            "the weight gradient is divided by the number of images twice more",
            "sum dy·x over n; the loss has divided by N already", layerCase => 1 / Images(layerCase) / Images(layerCase)),
        new ScaleDefect("conv2d.backward-input-mean", Passes.InputGradient, Scale,
            "the input gradient is divided by the number of images",
            "leave dx as it is: each image has its own", layerCase => 1 / Images(layerCase)),
        new ScaleDefect("conv2d.backward-input-divided-by-kernel", Passes.InputGradient, Scale,
            "the input gradient is divided by the kernel's area",
            "sum over the kernel, don't average", layerCase => 1 / Area(layerCase)),
        new ScaleDefect("conv2d.backward-input-divided-by-filters", Passes.InputGradient, Scale,
            "the input gradient is a mean over the filters",
            "sum over the filters, don't average", layerCase => 1.0 / layerCase.Input("weight").Shape[0]),
        new OperandDefect("conv2d.forward-mean-over-kernel", Passes.Forward, Scale,
            "the products are averaged over the kernel's area",
            "sum them",
            "weight", (layerCase, w) => w.Select(value => value / Area(layerCase))),
        new OperandDefect("conv2d.forward-mean-over-channels", Passes.Forward, Scale,
            "the products are averaged over the input channels",
            "sum them",
            "weight", (_, w) => w.Select(value => value / w.Shape[1])),
        new ScaleDefect("conv2d.backward-input-negated", Passes.InputGradient, Derivative, "the input gradient has the other sign", "add dy·w, don't subtract it", _ => -1),
        new ScaleDefect("conv2d.backward-weight-negated", Passes.WeightGradient, Derivative, "the weight gradient has the other sign", "add dy·x, don't subtract it", _ => -1),
        new ScaleDefect("conv2d.backward-input-missing", Passes.InputGradient, MissingGradient,
            "the input gradient stays zero: layers before it learn nothing",
            "add dy·w to dx", _ => 0),
        new ScaleDefect("conv2d.backward-weight-missing", Passes.WeightGradient, MissingGradient, "the weight gradient stays zero: the layer learns nothing", "add dy·x to dw", _ => 0),
        new AssignDefect("conv2d.backward-input-assigned", Passes.InputGradient,
            "the input gradient is assigned where windows overlap: = for +=",
            "add each contribution: dx[…] += dy·w"),
        new AssignDefect("conv2d.backward-weight-assigned", Passes.WeightGradient,
            "the weight gradient keeps the last pixel's contribution alone: = for +=",
            "add each contribution: dw[…] += dy·x"),
    ];

    /// <summary>Loops that end too early, over the output or over what does not fill a vector of eight.</summary>
    private static IEnumerable<Defect> Loops() =>
    [
        new ResultDefect("conv2d.output-one-short", Passes.Forward, OddInput,
            "the output has one row and one column too few: H − k for H − k + 1",
            "there are (H + padding − (k − 1)·dilation − 1)/stride + 1 windows",
            (_, y) => WithoutLastRowAndColumn(y)),
        Change("last-row-lost", Everywhere, OddInput,
            "the loop over the output's rows ends one early: oh < OH − 1",
            "let oh run to OH − 1 included",
            (g, tap) => tap.OH < g.OH - 1 ? tap : Lost(tap)),
        Change("last-column-lost", Everywhere, OddInput,
            "the loop over the output's columns ends one early: ow < OW − 1",
            "let ow run to OW − 1 included",
            (g, tap) => tap.OW < g.OW - 1 ? tap : Lost(tap)),
        Change("width-tail-lost", Everywhere, OddInput,
            "the output columns behind the last whole vector of eight are not computed",
            "add a loop for the columns that remain",
            (g, tap) => InVectors(tap.OW, g.OW) ? tap : Lost(tap))
            .From(Seen.Textbook),
        Change("filter-tail-lost", Everywhere, OddInput,
            "the output channels behind the last whole vector of eight are not computed",
            "add a loop for the output channels that remain",
            (g, tap) => InVectors(tap.O, g.O) ? tap : Lost(tap)),
        Change("channel-tail-lost", Everywhere, OddInput,
            "the input channels behind the last whole vector of eight are left out of the sum",
            "add a loop for the input channels that remain",
            (g, tap) => InVectors(tap.K, g.GroupInputs) ? tap : Lost(tap)),
        Change("image-tail-lost", Everywhere, OddInput,
            "the images behind the last whole vector of eight are not computed",
            "add a loop for the images that remain",
            (g, tap) => InVectors(tap.N, g.N) ? tap : Lost(tap)),
    ];

    private static IEnumerable<Defect> Refusals() =>
    [
        Accept("kernel-too-large-accepted", "the kernel",
            "a kernel larger than the padded input is answered with numbers",
            "refuse it before anything is padded: (kernel − 1)·dilation + 1 must be at most the padded extent"),
        Accept("negative-padding-accepted", "negative", "negative padding is taken, as if it cut the input", "refuse padding below 0"),
        Accept("groups-unchecked", "groups", "channels that the groups don't divide are cut off", "refuse groups that don't divide both channel counts"),
        Accept("stride-zero-accepted", "stride", "a stride of 0 is answered with numbers", "refuse strides below 1"),
    ];

    private static Defect PaddingOff(string by, string mistake, int rows, int columns)
    {
        return Change($"padding-{by}", Everywhere, Padding, mistake, "start the window at oh·sh − top, ow·sw − left", (_, tap) => tap with { IH = tap.IH - rows, IW = tap.IW - columns })
            .Index($"x[n, c, oh·sh + i·dh − top{Off(rows)}, ow·sw + j·dw − left{Off(columns)}]", Read);

        static string Off(int padding) => padding switch { > 0 => $" − {padding}", < 0 => $" + {-padding}", _ => "" };
    }

    private static Conv2dTap At(Conv2dTap tap, Conv2dGeometry g, int strideH, int strideW, int dilationH, int dilationW) => tap with
    {
        IH = tap.OH * strideH + tap.I * dilationH - g.Top,
        IW = tap.OW * strideW + tap.J * dilationW - g.Left,
    };

    private static Conv2dTap WithoutStride(Conv2dGeometry g, Conv2dTap tap) => At(tap, g, 1, 1, g.DilationH, g.DilationW);

    private static Conv2dTap WithoutDilation(Conv2dGeometry g, Conv2dTap tap) => At(tap, g, g.StrideH, g.StrideW, 1, 1);

    private static Conv2dTap WithoutPadding(Conv2dGeometry g, Conv2dTap tap) => tap with { IH = tap.IH + g.Top, IW = tap.IW + g.Left };

    private static Conv2dTap Transposed(Conv2dGeometry g, Conv2dTap tap) => tap with { I = (tap.J * g.KH + tap.I) / g.KW, J = (tap.J * g.KH + tap.I) % g.KW };

    /// <summary>A tap that contributes nothing.</summary>
    private static Conv2dTap Lost(Conv2dTap tap) => tap with { IH = -1 };

    /// <summary>Whether a position lies in one of the whole vectors of eight; where there is no whole one, everything is computed one by one.</summary>
    private static bool InVectors(int position, int extent) => extent < 8 || position < extent / 8 * 8;

    private static double Images(LayerCase layerCase) => layerCase.Input("input").Shape[0];

    /// <summary>OH·OW.</summary>
    private static double Pixels(LayerCase layerCase) => Conv2dTaps.Geometry(layerCase) switch { var g => g.OH * g.OW };

    private static double Area(LayerCase layerCase) => layerCase.Input("weight").Shape[2] * layerCase.Input("weight").Shape[3];

    private static Tensor64 Map(Tensor64 tensor, Func<double, int, double> map) => new(tensor.Shape, [.. tensor.Data.ToArray().Select(map)]);

    /// <summary>[rows, columns, …] as it lies in memory, read as [columns, rows, …] is when transposed: the position of the element that is meant.</summary>
    private static int Exchanged(int flat, int rows, int columns, int pixels) => (flat / pixels % columns * rows + flat / pixels / columns) * pixels + flat % pixels;

    private static Tensor64 WithoutLastRowAndColumn(Tensor64 y)
    {
        var (oh, ow) = (y.Shape[2], y.Shape[3]);
        var kept = Enumerable.Range(0, y.Length).Where(flat => flat % ow < ow - 1 && flat / ow % oh < oh - 1);
        return new([y.Shape[0], y.Shape[1], oh - 1, ow - 1], [.. kept.Select(flat => y[flat])]);
    }

    private static TapDefect<Conv2dGeometry, Conv2dTap> Change(
        string id, Passes passes, MistakeClass kind, string mistake, string mend, Func<Conv2dGeometry, Conv2dTap, Conv2dTap> change) => new($"conv2d.{id}", passes, kind, mistake, mend, change);

    private static AcceptDefect Accept(string id, string reason, string mistake, string mend) =>
        new($"conv2d.{id}", mistake, mend, layerCase => layerCase.Refused!.StartsWith(reason, StringComparison.Ordinal));
}
