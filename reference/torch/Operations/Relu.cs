using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>max(input, 0) of any shape; the gradient at 0 is 0.</summary>
internal static class Relu
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("relu", (inputs, _) => functional.relu(inputs["input"]));
}
