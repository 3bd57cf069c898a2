using static Conformance.Oracle.SizeFactor;

namespace Conformance.Oracle.Operations;

/// <summary>
/// The sizes of a convolution crossed with its options, on each of its three ways: dense, in groups, depthwise. Extents are those of the output,
/// because kernels block these.
/// </summary>
internal static class Conv2dSizes
{
    private static readonly string[] Ways = ["dense", "in groups", "depthwise"];

    public static SizeCrossing Crossing { get; } = new(
        [
            Size("input channels", of => Conv2dGeometry.FromCase(of).C), Size("output channels", of => Conv2dGeometry.FromCase(of).O),
            Size("output rows", of => Conv2dGeometry.FromCase(of).OH), Size("output columns", of => Conv2dGeometry.FromCase(of).OW),
        ],
        [
            OnEachWay("stride", g => g.StrideH > 1 && g.StrideW > 1), OnEachWay("padding", g => Math.Min(g.Top, g.Left) > 0),
            OnEachWay("dilation", g => g.DilationH > 1 && g.DilationW > 1),
        ],
        Spell);

    private static SizeFactor OnEachWay(string option, Func<Conv2dGeometry, bool> has) => Option(
        option, [.. Ways.SelectMany(way => new[] { $"{way}, no {option}", $"{way}, {option}" })],
        of => Conv2dGeometry.FromCase(of) is var g && g.KH * g.KW > 1 ? 2 * Way(g) + (has(g) ? 1 : 0) : -1);

    private static int Way(Conv2dGeometry g) => g.Groups == 1 ? 0 : g.GroupInputs > 1 ? 1 : 2;

    private static string? Spell(int[] sizes, int[] options)
    {
        var (way, c, o) = (options[0] / 2, Blocks[sizes[0]], Blocks[sizes[1]]);
        if (Array.Exists(options, option => option / 2 != way))
            return null;
        var groups = way switch
        {
            0 => 1,
            1 => Enumerable.Range(2, c / 2).FirstOrDefault(g => c % g == 0 && o % g == 0 && g < c),
            _ => o % c == 0 ? c : 0,
        };
        var (stride, padding, dilation) = (1 + options[0] % 2, options[1] % 2, 1 + options[2] % 2);
        var (h, w) = (Extent(Blocks[sizes[2]]), Extent(Blocks[sizes[3]]));
        return groups == 0 || h < 1 || w < 1 ? null
            : $"n1c{c}h{h}w{w}-o{o}-k2-s{stride}-p{padding}-d{dilation}-g{groups}";

        int Extent(int windows) => (windows - 1) * stride + dilation + 1 - 2 * padding;
    }
}
