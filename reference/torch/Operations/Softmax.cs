using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>The softmax along the axis <c>dim</c>: eˣ divided by its sum.</summary>
internal static class Softmax
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("softmax", (inputs, attributes) =>
        functional.softmax(inputs["input"], attributes.Int("dim")));
}
