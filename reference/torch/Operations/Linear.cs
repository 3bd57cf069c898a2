using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>Input <c>[N,in]</c> times the transpose of weight <c>[out,in]</c>, plus an optional bias <c>[out]</c>.</summary>
internal static class Linear
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("linear", (inputs, _) =>
        functional.linear(inputs["input"], inputs["weight"], inputs.Optional("bias")));
}
