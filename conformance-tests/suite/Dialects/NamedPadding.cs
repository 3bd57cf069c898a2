using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>
/// An engine whose padding is a word. VALID is no padding. SAME gives ⌈H/stride⌉ outputs; of an odd padding the end gets one more. A case with
/// another padding can't be asked.
/// </summary>
internal sealed class NamedPadding(ISubject engine) : Translator(engine)
{
    public static readonly string[] Operations = ["conv2d", "max_pool2d", "avg_pool2d"];

    protected override IEnumerable<LayerCase> Asked(LayerCase layerCase) =>
        [Operations.Contains(layerCase.Op) ? layerCase with { Attributes = layerCase.Attributes.With("padding", Word(layerCase)) } : layerCase];

    protected override LayerResult Combine(LayerCase layerCase, IReadOnlyList<LayerCase> asked, IReadOnlyList<LayerResult> replies) => replies[0];

    private static string Word(LayerCase layerCase)
    {
        var attributes = layerCase.Attributes;
        var sides = attributes.Ints("padding", layerCase.Op == "conv2d" ? 4 : 2);
        int[] padding = sides is [var height, var width] ? [height, height, width, width] : sides;
        if (padding.All(side => side == 0))
            return "VALID";
        return !(attributes.Has("ceil_mode") && attributes.Flag("ceil_mode")) && padding.SequenceEqual([.. Same(layerCase, 0), .. Same(layerCase, 1)])
            ? "SAME"
            : throw new NotSupportedException($"the padding {string.Join(", ", padding)} is neither SAME nor VALID");
    }

    /// <summary>The padding at both ends of an axis for ⌈length/stride⌉ windows; −1 if the stride is below 1.</summary>
    private static int[] Same(LayerCase layerCase, int axis)
    {
        var attributes = layerCase.Attributes;
        var (length, stride) = (layerCase.Input("input").Shape[2 + axis], attributes.Ints("stride", 2)[axis]);
        if (stride < 1)
            return [-1, -1];
        var kernel = layerCase.Op == "conv2d" ? layerCase.Input("weight").Shape[2 + axis] : attributes.Ints("kernel_size", 2)[axis];
        var dilation = attributes.Has("dilation") ? attributes.Ints("dilation", 2)[axis] : 1;
        var windows = (length + stride - 1) / stride;
        var both = Math.Max(0, (windows - 1) * stride + dilation * (kernel - 1) + 1 - length);
        return [both / 2, both - both / 2];
    }
}
