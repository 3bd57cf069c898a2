using Conformance.Oracle;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// Negative log-likelihood: −input (log-probabilities <c>[N,C]</c>) at target (class numbers <c>[N]</c>), with an optional weight <c>[C]</c>. The
/// output is a scalar, or <c>[N]</c> if <c>reduction</c> is <c>none</c>.
/// <para>TorchSharp's <c>nll_loss</c> has no <c>ignore_index</c> and uses libtorch's default, −100. So the class that a case ignores is replaced by
/// −100.</para>
/// </summary>
internal static class NllLoss
{
    private const int Ignored = -100;

    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("nll_loss", (inputs, attributes) =>
        functional.nll_loss(inputs["input"], Target(inputs["target"].ToTensor64(), attributes), inputs.Optional("weight"),
            attributes.Reduction())) with
    {
        Constants = ["target", "weight"],
    };

    private static Tensor Target(Tensor64 target, Attributes attributes)
    {
        var ignored = attributes.Has("ignore_index") ? attributes.Int("ignore_index") : Ignored;
        return ignored != Ignored && target.Data.Contains(Ignored)
            ? throw new ArgumentException($"Target {Ignored} is out of bounds.")
            : target.Select(label => label == ignored ? Ignored : label).ToTorch(ScalarType.Int64);
    }
}
