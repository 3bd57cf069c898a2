using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// Squared error: (input − target)² of equal shapes. The output is a scalar, or that shape if <c>reduction</c> is <c>none</c>. The mean is over
/// all elements.
/// </summary>
internal static class MseLoss
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("mse_loss", (inputs, attributes) =>
        functional.mse_loss(inputs["input"], inputs["target"], attributes.Reduction())) with
    {
        Constants = ["target"],
    };
}
