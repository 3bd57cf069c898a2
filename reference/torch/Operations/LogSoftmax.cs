using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>The logarithm of the softmax along the axis <c>dim</c>.</summary>
internal static class LogSoftmax
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("log_softmax", (inputs, attributes) =>
        functional.log_softmax(inputs["input"], attributes.Int("dim")));
}
