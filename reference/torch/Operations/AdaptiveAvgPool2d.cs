using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// Averages input <c>[N,C,H,W]</c> to <c>output_size</c>: output i is the mean of rows ⌊i·H/out⌋ to ⌈(i+1)·H/out⌉ − 1; columns likewise.
/// </summary>
internal static class AdaptiveAvgPool2d
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("adaptive_avg_pool2d", (inputs, attributes) =>
        functional.adaptive_avg_pool2d(inputs["input"], attributes.Longs("output_size", 2)));
}
