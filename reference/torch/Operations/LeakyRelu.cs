using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>Input of any shape where it is above 0, else <c>negative_slope</c> times it; the gradient at 0 is <c>negative_slope</c>.</summary>
internal static class LeakyRelu
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("leaky_relu", (inputs, attributes) =>
        functional.leaky_relu(inputs["input"], attributes.Number("negative_slope")));
}
