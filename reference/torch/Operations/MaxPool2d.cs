using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>The maximum of each window of input <c>[N,C,H,W]</c>; padding counts as −∞.</summary>
internal static class MaxPool2d
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("max_pool2d", (inputs, attributes) =>
        functional.max_pool2d(
            inputs["input"],
            attributes.Longs("kernel_size", 2),
            attributes.Longs("stride", 2),
            attributes.Longs("padding", 2),
            attributes.Longs("dilation", 2),
            attributes.Flag("ceil_mode")));
}
