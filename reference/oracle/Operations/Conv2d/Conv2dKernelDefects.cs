using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes that read a wrong element of the kernel: flipped, transposed, or truncated.</summary>
internal static class Conv2dKernelDefects
{
    public static IEnumerable<Defect> All { get; } =
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
        Change("kernel-rotated-with-channels", Everywhere, KernelIndex,
            "the kernel's channels are turned round with its rows and columns, as a convolution over three axes does",
            "index w[o,c,i,j] with the same c, i and j that index the input",
            (g, tap) => tap with { K = g.GroupInputs - 1 - tap.K, I = g.KH - 1 - tap.I, J = g.KW - 1 - tap.J })
            .Index("w[o, C − 1 − c, kh − 1 − i, kw − 1 − j]", Kernel)
            .From(Seen.Convention("SciPy: convolve turns every axis round")),
        Change("kernel-channels-last", Everywhere, KernelIndex,
            "a kernel is read as [kh, kw, C], as an im2col in the order of pixels then channels needs it",
            "a kernel is [C, kh, kw]: order the columns by channel first, then by the kernel's row and column",
            (g, tap) => ((tap.I * g.KW + tap.J) * g.GroupInputs + tap.K) switch { var flat => Element(g, tap, flat) })
            .Index("w[((o·kh + i)·kw + j)·C + c]", "w[((o·C + c)·kh + i)·kw + j]")
            .From(Seen.Convention("TensorFlow Lite: kernels are [O, kh, kw, C]")),
        Change("kernel-column-major", Everywhere, KernelIndex,
            "a kernel is read in column-major order: [kw, kh, C]",
            "a kernel is [C, kh, kw] in row-major order",
            (g, tap) => ((tap.J * g.KH + tap.I) * g.GroupInputs + tap.K) switch { var flat => Element(g, tap, flat) })
            .Index("w[((o·kw + j)·kh + i)·C + c]", "w[((o·C + c)·kh + i)·kw + j]")
            .From(Seen.Convention("MATLAB: arrays are column-major")),
        Change("kernel-channels-between", Everywhere, KernelIndex,
            "a kernel is read row by row, each with all channels: [kh, C, kw]",
            "a kernel is [C, kh, kw]",
            (g, tap) => ((tap.I * g.GroupInputs + tap.K) * g.KW + tap.J) switch { var flat => Element(g, tap, flat) })
            .Index("w[((o·kh + i)·C + c)·kw + j]", "w[((o·C + c)·kh + i)·kw + j]"),
        Change("weight-kh-kw-in-out", Everywhere, KernelIndex,
            "the weight is read as [kh, kw, in, out]",
            "the weight is [out, in, kh, kw]",
            (g, tap) => (((tap.I * g.KW + tap.J) * g.GroupInputs + tap.K) * g.O + tap.F) switch
            {
                var flat => Element(g, tap with { F = flat / (g.GroupInputs * g.KH * g.KW) }, flat % (g.GroupInputs * g.KH * g.KW)),
            })
            .Index("w[((i·kw + j)·C + c)·O + o]", "w[((o·C + c)·kh + i)·kw + j]")
            .From(Seen.Convention("Keras: kernels are [kh, kw, in, out]")),
        Change("centre-alone", Everywhere, KernelIndex,
            "only the element in the middle of the kernel is used",
            "sum over i and j from 0 to kh − 1 and kw − 1",
            (g, tap) => tap.I == g.KH / 2 && tap.J == g.KW / 2 ? tap : Lost(tap)),
        Change("first-kernel-row-lost", Everywhere, KernelIndex,
            "the loop over the kernel's rows starts at 1",
            "let i run from 0",
            (_, tap) => tap.I > 0 ? tap : Lost(tap)),
        Change("first-kernel-column-lost", Everywhere, KernelIndex,
            "the loop over the kernel's columns starts at 1",
            "let j run from 0",
            (_, tap) => tap.J > 0 ? tap : Lost(tap)),
        Change("kernel-height-for-both", Everywhere, KernelIndex,
            "both loops over the kernel run to its height: j < kh",
            "let j run to kw − 1 included",
            (g, tap) => tap.J < g.KH ? tap : Lost(tap)),
        Change("kernel-width-for-both", Everywhere, KernelIndex,
            "both loops over the kernel run to its width: i < kw",
            "let i run to kh − 1 included",
            (g, tap) => tap.I < g.KW ? tap : Lost(tap)),
    ];

    /// <summary>The element at a flat position of a kernel [K, kh, kw].</summary>
    private static Conv2dTap Element(Conv2dGeometry g, Conv2dTap tap, int flat) =>
        tap with { K = flat / (g.KH * g.KW), I = flat / g.KW % g.KH, J = flat % g.KW };
}
