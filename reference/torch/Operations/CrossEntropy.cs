using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// Cross entropy: −log softmax of input (logits <c>[N,C]</c>) at target (class numbers <c>[N]</c>), with an optional weight <c>[C]</c>. The output
/// is a scalar, or <c>[N]</c> if <c>reduction</c> is <c>none</c>.
/// </summary>
internal static class CrossEntropy
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("cross_entropy", (inputs, attributes) =>
        functional.cross_entropy(
            inputs["input"],
            inputs["target"].to_type(ScalarType.Int64),
            inputs.Optional("weight"),
            attributes.Has("ignore_index") ? attributes.Int("ignore_index") : -100,
            attributes.Reduction(),
            attributes.Has("label_smoothing") ? attributes.Number("label_smoothing") : 0)) with
    {
        Constants = ["target", "weight"],
    };
}
