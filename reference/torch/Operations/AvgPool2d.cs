using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// The mean of each window of input <c>[N,C,H,W]</c>. Padding counts as zeros; with <c>count_include_pad</c> false it does not count.
/// </summary>
internal static class AvgPool2d
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("avg_pool2d", (inputs, attributes) =>
        functional.avg_pool2d(
            inputs["input"],
            attributes.Longs("kernel_size", 2),
            attributes.Longs("stride", 2),
            attributes.Longs("padding", 2),
            attributes.Flag("ceil_mode"),
            attributes.Flag("count_include_pad")));
}
