using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>eˣ over its sum along the axis <c>dim</c>.</summary>
internal static class Softmax
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("softmax", (inputs, attributes) =>
        functional.softmax(inputs["input"], attributes.Int("dim")));
}
