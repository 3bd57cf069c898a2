using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>1/(1 + e⁻ˣ) of input, of any shape.</summary>
internal static class Sigmoid
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("sigmoid", (inputs, _) => functional.sigmoid(inputs["input"]));
}
