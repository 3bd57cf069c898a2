namespace Conformance.Torch.Operations;

/// <summary>Merges the axes from <c>start_dim</c> to <c>end_dim</c> into one.</summary>
internal static class Flatten
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput(
        "flatten", (inputs, attributes) => inputs["input"].flatten(attributes.Int("start_dim"), attributes.Int("end_dim")));
}
