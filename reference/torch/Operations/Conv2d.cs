using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>Cross-correlation of input <c>[N,C,H,W]</c> with weight <c>[O,C/groups,kh,kw]</c> and an optional bias <c>[O]</c>.</summary>
internal static class Conv2d
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("conv2d", (inputs, attributes) =>
    {
        // Torch's own padding is equal at both ends. Other paddings of a case are applied beforehand.
        var input = inputs["input"];
        var (top, bottom, left, right) = attributes.Ints("padding", 4) switch { var p => (p[0], p[1], p[2], p[3]) };
        if (Math.Min(Math.Min(top, bottom), Math.Min(left, right)) < 0)
            throw new ArgumentException("negative padding is not supported"); // pad would crop the input
        var symmetric = top == bottom && left == right;
        return functional.conv2d(
            symmetric ? input : functional.pad(input, [left, right, top, bottom], TorchSharp.PaddingModes.Constant, 0),
            inputs["weight"],
            inputs.Optional("bias"),
            attributes.Longs("stride", 2),
            symmetric ? [top, left] : [0, 0],
            attributes.Longs("dilation", 2),
            attributes.Int("groups"));
    });
}
