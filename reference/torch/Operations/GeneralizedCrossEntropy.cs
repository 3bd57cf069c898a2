using Conformance.Oracle;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// Generalized cross entropy (Zhang and Sabuncu 2018): (1 − pᵠ)/q with p the softmax of input (logits <c>[N,C]</c>) at target (class numbers
/// <c>[N]</c>) and q in (0, 1]. The output is a scalar, or <c>[N]</c> if <c>reduction</c> is <c>none</c>.
/// <para>Torch has no such loss, so it is composed of other operations, with pᵠ as exp(q·log p). A power of p itself would give a NaN gradient in
/// torch
/// where p is 0 (∞ of the power times 0 of the softmax).</para>
/// </summary>
internal static class GeneralizedCrossEntropy
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("generalized_cross_entropy",
        Forward) with
    { Constants = ["target"] };

    private static Tensor Forward(TorchInputs inputs, Attributes attributes)
    {
        var q = attributes.Number("q");
        if (q is not (> 0 and <= 1))
            throw new ArgumentException($"attribute 'q': expected a number above 0 and up to 1, got {q}");
        var target = inputs["target"].to_type(ScalarType.Int64);
        var logs = functional.log_softmax(inputs["input"], 1).gather(1, target.unsqueeze(1)).flatten(0, -1);
        return ((1 - (logs * q).exp()) / q).Reduced(attributes.Reduction());
    }
}
