using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes that read a wrong channel, group or image.</summary>
internal static class Conv2dChannelDefects
{
    public static IEnumerable<Defect> All { get; } = [.. Channels(), .. Batch()];

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
        Change("last-channel-lost", Everywhere, ChannelIndex,
            "the loop over the input channels ends one early",
            "sum over every input channel of the group",
            (g, tap) => tap.K < g.GroupInputs - 1 ? tap : Lost(tap)),
        Change("last-filter-lost", Everywhere, ChannelIndex,
            "the loop over the output channels ends one early: the last has its bias alone",
            "let o run to O − 1 included",
            (g, tap) => tap.O < g.O - 1 ? tap : Lost(tap)),
        Change("first-filter-for-all", Everywhere, ChannelIndex,
            "every output channel uses the first kernel",
            "index the weight by the output channel",
            (_, tap) => tap with { F = 0 })
            .Index("w[0, c, i, j]", Kernel),
        Change("last-input-channel-alone", Everywhere, Assignment,
            "each input channel overwrites the sum of those before: the last one's remains",
            "sum over the input channels: y[…] += x·w",
            (g, tap) => tap.K == g.GroupInputs - 1 ? tap : Lost(tap)),
        Change("input-channels-rotated", Everywhere, ChannelIndex,
            "the input is read at the next channel",
            "read x[n,c,…] with the c of w[o,c,…]",
            (g, tap) => tap with { C = (tap.C + 1) % g.C })
            .Index("x[n, (c + 1) mod C, …]", "x[n, c, …]"),
    ];

    private static IEnumerable<Defect> Batch() =>
    [
        Change("first-image-for-all", Passes.Forward, BatchIndex,
            "every image's output is computed from the first image",
            "index the input by n",
            (_, tap) => tap with { Image = 0 })
            .Index("x[0, c, …]", "x[n, c, …]"),
        Change("first-image-alone", Everywhere, BatchIndex,
            "the loop over the batch is missing: only the first image is computed",
            "let n run over all images",
            (_, tap) => tap.N == 0 ? tap : Lost(tap)),
        Change("last-image-lost", Everywhere, BatchIndex,
            "the loop over the batch ends one early",
            "let n run to N − 1 included",
            (g, tap) => tap.N < g.N - 1 ? tap : Lost(tap)),
        Change("backward-input-first-image", Passes.InputGradient, BatchIndex,
            "every image's input gradient is computed from the first image's dy",
            "index dy by n",
            (_, tap) => tap with { N = 0 })
            .Index("dy[0, o, oh, ow]", "dy[n, o, oh, ow]"),
        Change("images-stepped-by-outputs", Everywhere, BatchIndex,
            "an image of the input is found at n·O channels where it has C",
            "step images by C·H·W",
            (g, tap) => (tap.Image * g.O + tap.C) switch { var plane when plane < g.N * g.C => tap with { Image = plane / g.C, C = plane % g.C },
                _ => Lost(tap) })
            .Index("x[(n·O + c)·H·W + …]", "x[(n·C + c)·H·W + …]"),
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
        new OperandDefect("conv2d.bias-gradient-last-image", Passes.BiasGradient, Assignment,
            "each image overwrites the bias gradient of those before",
            "sum dy over n, oh and ow",
            "cotangent", (_, dy) => Map(dy, (value, flat) => flat >= dy.Length - dy.Length / dy.Shape[0] ? value : 0)),
        new ResultDefect("conv2d.output-not-transposed", Passes.Forward, Layout,
            "the product [O, N·OH·OW] of an im2col engine becomes [N, O, OH, OW] by its shape alone",
            "transpose it to images first, or multiply image by image",
            (_, y) => Map(y, (_, flat) => y[Exchanged(flat, y.Shape[1], y.Shape[0], y.Shape[2] * y.Shape[3])])),
        new OperandDefect("conv2d.backward-not-transposed", BothGradients, Layout,
            "dy [N, O, OH, OW] becomes the [O, N·OH·OW] of an im2col engine by its shape alone",
            "transpose it to channels first, or multiply image by image",
            "cotangent", (_, dy) => Map(dy, (_, flat) => dy[Exchanged(flat, dy.Shape[0], dy.Shape[1], dy.Shape[2] * dy.Shape[3])])),
    ];
}
