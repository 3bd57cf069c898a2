using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>The hyperbolic tangent of input, of any shape.</summary>
internal static class Tanh
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("tanh", (inputs, _) => functional.tanh(inputs["input"]));
}
