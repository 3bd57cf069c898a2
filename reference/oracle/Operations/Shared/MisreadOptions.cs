using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>
/// Known mistakes in reading the options of windows, carried through the size formula: where the wrong option gives another size, an engine answers
/// that size or throws. The same mistakes in the place of the windows alone keep the size; each operation lists those itself.
/// </summary>
internal static class MisreadOptions
{
    /// <summary>The mistakes that a stride and a padding allow, which every operation with windows has.</summary>
    public static IEnumerable<Defect> For(string op) =>
    [
        Pair(op, "stride", "stride-swapped", MistakeClass.Stride, "the strides of height and width are swapped", of => [of[1], of[0]]),
        Pair(op, "stride", "row-stride-for-both", MistakeClass.Stride, "the stride of the rows is taken for the columns too", of => [of[0], of[0]]),
        Pair(op, "stride", "column-stride-for-both", MistakeClass.Stride, "the stride of the columns is taken for the rows too",
            of => [of[1], of[1]]),
        Pair(op, "stride", "stride-ignored", MistakeClass.Stride, "the stride is always 1", _ => [1, 1]),
        Pair(op, "stride", "row-stride-ignored", MistakeClass.Stride, "the stride of the rows is always 1", of => [1, of[1]]),
        Pair(op, "stride", "column-stride-ignored", MistakeClass.Stride, "the stride of the columns is always 1", of => [of[0], 1]),
        Misread(op, "stride-taken-for-the-kernel", MistakeClass.Stride, "the stride is always the kernel's size",
            "read the stride: windows may overlap or leave gaps", of => With(of, "stride", Kernel(of))),
        Pad(op, "padding-swapped", "the paddings of height and width are swapped", of => [of[2], of[3], of[0], of[1]]),
        Pad(op, "row-padding-for-both", "the padding of the rows is taken for the columns too", of => [of[0], of[1], of[0], of[1]]),
        Pad(op, "column-padding-for-both", "the padding of the columns is taken for the rows too", of => [of[2], of[3], of[2], of[3]]),
        Pad(op, "padding-ignored", "there is never a padding", _ => [0, 0, 0, 0]),
        Pad(op, "row-padding-ignored", "the rows are never padded", of => [0, 0, of[2], of[3]]),
        Pad(op, "column-padding-ignored", "the columns are never padded", of => [of[0], of[1], 0, 0]),
    ];

    /// <summary>The mistakes that a dilation allows.</summary>
    public static IEnumerable<Defect> OfDilation(string op) =>
    [
        Pair(op, "dilation", "dilation-swapped", MistakeClass.Dilation, "the dilations of height and width are swapped", of => [of[1], of[0]]),
        Pair(op, "dilation", "row-dilation-for-both", MistakeClass.Dilation, "the dilation of the rows is taken for the columns too",
            of => [of[0], of[0]]),
        Pair(op, "dilation", "column-dilation-for-both", MistakeClass.Dilation, "the dilation of the columns is taken for the rows too",
            of => [of[1], of[1]]),
        Pair(op, "dilation", "dilation-ignored", MistakeClass.Dilation, "the dilation is always 1", _ => [1, 1]),
        Pair(op, "dilation", "dilation-one-more", MistakeClass.Dilation, "dilation is taken as the number of elements that lie between two taps",
            of => [of[0] + 1, of[1] + 1]),
    ];

    /// <summary>The mistakes that a kernel without weights allows: a pool's.</summary>
    public static IEnumerable<Defect> OfKernel(string op) =>
    [
        Pair(op, "kernel_size", "kernel-swapped", PoolIndex, "the kernel's height and width are swapped", of => [of[1], of[0]]),
        Pair(op, "kernel_size", "kernel-height-for-both", PoolIndex, "the kernel is as wide as it is high", of => [of[0], of[0]]),
        Pair(op, "kernel_size", "kernel-width-for-both", PoolIndex, "the kernel is as high as it is wide", of => [of[1], of[1]]),
        Misread(op, "kernel-taken-for-the-stride", PoolIndex, "the kernel is always as large as the stride",
            "read kernel_size: windows may overlap or leave gaps", of => With(of, "kernel_size", of.Attributes.Ints("stride", 2))),
    ];

    /// <summary>The mistakes that a padding of four numbers and a kernel with weights allow: a convolution's.</summary>
    public static IEnumerable<Defect> OfConvolution(string op) =>
    [
        Pad(op, "begin-padding-at-both-ends", "the padding before the input is put behind it too", of => [of[0], of[0], of[2], of[2]]),
        Pad(op, "end-padding-at-both-ends", "the padding behind the input is put before it too", of => [of[1], of[1], of[3], of[3]]),
        Pad(op, "begin-padding-alone", "the input is padded at its top and left alone", of => [of[0], 0, of[2], 0]),
        Pad(op, "end-padding-alone", "the input is padded at its bottom and right alone", of => [0, of[1], 0, of[3]]),
        Pad(op, "padding-in-the-order-of-onnx", "the padding is read as [top, left, bottom, right]", of => [of[0], of[2], of[1], of[3]])
            .From(Seen.Convention("ONNX: pads has both begins first, then both ends")),
        Pad(op, "padding-doubled", "the padding is added twice: in the layer and again where the columns are made",
            of => [2 * of[0], 2 * of[1], 2 * of[2], 2 * of[3]]),
        Misread(op, "padding-of-the-kernel", Padding, "the padding is always half the kernel, as where every layer keeps its size",
            "read the padding: [top, bottom, left, right]",
            of => Kernel(of) is var k ? With(of, "padding", new[] { k[0] / 2, k[0] / 2, k[1] / 2, k[1] / 2 }) : null),
        Misread(op, "stride-dilation-exchanged", MistakeClass.Stride, "stride and dilation are taken for each other",
            "read x[oh·stride + i·dilation − padding]",
            of => With(With(of, "stride", of.Attributes.Ints("dilation", 2)), "dilation", of.Attributes.Ints("stride", 2)))
            .From(Seen.Issues("candle PR#2337")),
        Misread(op, "kernel-swapped", KernelIndex, "the kernel's memory is read as [kw, kh]",
            "the weight is [O, C, kh, kw]", of => Weighing(of, w => new([w.Shape[0], w.Shape[1], w.Shape[3], w.Shape[2]], w.Data.ToArray()))),
        Misread(op, "kernel-transposed", KernelIndex,
            "the kernel is transposed: w[o,c,j,i] where w[o,c,i,j] belongs, and as high as it should be wide",
            "the weight is [O, C, kh, kw]", of => Weighing(of, Transposed)),
    ];

    public static MisreadDefect Misread(
        string op, string name, MistakeClass kind, string mistake, string mend, Func<LayerCase, LayerCase?> change) =>
        new($"{op}.{name}-throughout", kind, $"{mistake}, in the output's size too", mend, change);

    private static MisreadDefect Pair(string op, string option, string name, MistakeClass kind, string mistake, Func<int[], int[]> read) =>
        Misread(op, name, kind, mistake, $"{option} is (height, width): rows have the first, columns the second",
            of => With(of, option, read(of.Attributes.Ints(option, 2))));

    /// <param name="read">The padding [top, bottom, left, right] that is read. A pool has one number for both ends.</param>
    private static MisreadDefect Pad(string op, string name, string mistake, Func<int[], int[]> read) =>
        Misread(op, name, Padding, mistake, "start the window at oh·stride − top, ow·stride − left, with all of the padding in the size",
            of => With(of, "padding", of.Inputs.ContainsKey("weight") ? read(of.Attributes.Ints("padding", 4))
                : of.Attributes.Ints("padding", 2) is var both && read([both[0], both[0], both[1], both[1]]) is var four ? [four[0], four[2]] : []));

    private static int[] Kernel(LayerCase of) =>
        of.Inputs.TryGetValue("weight", out var w) ? [w.Shape[2], w.Shape[3]] : of.Attributes.Ints("kernel_size", 2);

    private static LayerCase With(LayerCase of, string option, int[] value) => of with { Attributes = of.Attributes.With(option, value) };

    private static LayerCase Weighing(LayerCase of, Func<Tensor64, Tensor64> read) =>
        of with { Inputs = new Dictionary<string, Tensor64>(of.Inputs) { ["weight"] = read(of.Input("weight")) } };

    private static Tensor64 Transposed(Tensor64 w)
    {
        var (kh, kw) = (w.Shape[2], w.Shape[3]);
        return new([w.Shape[0], w.Shape[1], kw, kh],
            [.. Enumerable.Range(0, w.Length).Select(flat => w[flat / (kh * kw) * kh * kw + flat % kh * kw + flat / kh % kw])]);
    }
}
