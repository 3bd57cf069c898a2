using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// Leaky ReLU of input, of any shape: x above 0, otherwise <c>negative_slope</c>·x. The gradient at 0 is <c>negative_slope</c>.
/// </summary>
internal static class LeakyRelu
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("leaky_relu", (inputs, attributes) =>
        functional.leaky_relu(inputs["input"], attributes.Number("negative_slope")));
}
