using static Conformance.Oracle.SizeFactor;

namespace Conformance.Oracle.Operations;

/// <summary>The sizes of pools crossed with their options. Extents are those of the output, because kernels block these.</summary>
internal static class PoolSizes
{
    public static SizeCrossing Max { get; } = new(
        Sizes, [Stride, Padding, Ceil, Dilated], (sizes, options) => Spell(sizes, options, options[3] == 1 ? "-d2" : ""));

    public static SizeCrossing Average { get; } = new(
        Sizes, [Stride, Padding, Ceil, Counted], (sizes, options) => Spell(sizes, options, options[3] == 0 ? "-nopad" : ""));

    public static SizeCrossing Adaptive { get; } = new(
        Sizes, [Option("windows", ["equal windows", "unequal windows"],
            of => of.Input("input").Shape[2] % Extent(of, 2) == 0 && of.Input("input").Shape[3] % Extent(of, 3) == 0 ? 0 : 1)],
        (sizes, options) => options[0] == 0
            ? $"n1c{Blocks[sizes[0]]}h{Blocks[sizes[1]]}w{2 * Blocks[sizes[2]]}-o{Blocks[sizes[1]]}x{Blocks[sizes[2]]}"
            : $"n1c{Blocks[sizes[0]]}h{Blocks[sizes[1]] + 1}w{Blocks[sizes[2]] + 2}-o{Blocks[sizes[1]]}x{Blocks[sizes[2]]}");

    private static SizeFactor[] Sizes =>
        [Size("channels", of => of.Input("input").Shape[1]), Size("output rows", of => Extent(of, 2)), Size("output columns", of => Extent(of, 3))];

    private static SizeFactor Stride => Option("stride", ["stride 1", "stride 2 or more"],
        of => of.Attributes.Ints("stride", 2) switch { [1, 1] => 0, [> 1, > 1] => 1, _ => -1 });

    private static SizeFactor Padding => Option("padding", ["no padding", "padding"],
        of => of.Attributes.Ints("padding", 2) switch { [0, 0] => 0, [> 0, > 0] => 1, _ => -1 });

    private static SizeFactor Ceil => Option("ceil_mode", ["ceil_mode off", "ceil_mode on"], of => of.Attributes.Flag("ceil_mode") ? 1 : 0);

    private static SizeFactor Dilated => Option("dilation", ["dilation 1", "dilation 2 or more"],
        of => of.Attributes.Ints("dilation", 2) switch { [1, 1] => 0, [> 1, > 1] => 1, _ => -1 });

    private static SizeFactor Counted =>
        Option("count_include_pad", ["padding not counted", "padding counted"], of => of.Attributes.Flag("count_include_pad") ? 1 : 0);

    private static int Extent(LayerCase of, int axis) => of.Cotangents["output"].Shape[axis];

    private static string? Spell(int[] sizes, int[] options, string more)
    {
        var (stride, padding, dilation) = (1 + options[0], options[1], more == "-d2" ? 2 : 1);
        var (h, w) = (Extent(Blocks[sizes[1]]), Extent(Blocks[sizes[2]]));
        return h < 1 || w < 1 ? null
            : $"n1c{Blocks[sizes[0]]}h{h}w{w}-k2-s{stride}-p{padding}{more}{(options[2] == 1 ? "-ceil" : "")}";

        int Extent(int windows) => (windows - 1) * stride + dilation + 1 - 2 * padding;
    }
}
