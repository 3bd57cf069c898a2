using Conformance.Engine.Kernels;

namespace Conformance.Engine.Losses;

/// <summary>What cross-entropy and its kernels share. <see cref="Operands.Output"/> holds the softmax.</summary>
internal sealed class CrossEntropyOperands : ClassificationOperands
{
    /// <summary>ε</summary>
    public float LabelSmoothing;

    /// <summary>ε/C·w[c]: the share of the loss that a class has, whatever the target.</summary>
    public float ShareOf(int c) => LabelSmoothing / Classes * WeightOf(c);

    /// <summary>(1 − ε)·w[y]: what the target's class has beside that; 0 where the image is ignored.</summary>
    public float TargetShare(int image) => Ignores(image) ? 0 : (1 - LabelSmoothing) * WeightOf(Targets[image]);

    /// <summary>Σ q[c]: all shares of an image that counts.</summary>
    public float AllShares(int image)
    {
        float sum = TargetShare(image);
        for (int c = 0; c < Classes && LabelSmoothing != 0; c++)
            sum += ShareOf(c);
        return sum;
    }
}

/// <summary>
/// Softmax cross-entropy in nats, as <c>torch.nn.CrossEntropyLoss</c> with class numbers as targets: with p = softmax(x[n]), class weights w and label
/// smoothing ε, <c>−Σ q[c]·log p[c]</c> where <c>q[c] = w[c]·((1 − ε)·[c = target] + ε/classes)</c>; plain <c>−log p[target]</c> without the options.
/// The largest logit is subtracted first and the logarithm taken of the sum, so that a hopeless image costs a large, finite loss.
/// </summary>
public sealed class CrossEntropyLoss : ClassificationLoss
{
    private const string Name = "cross_entropy";

    /// <param name="weight">w, one for each class, 0 or more; 1 each if null.</param>
    /// <param name="ignoreIndex">Images with this target have no loss and no gradient.</param>
    /// <param name="labelSmoothing">ε, 0–1.</param>
    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    /// <exception cref="ArgumentException">A weight or the smoothing is out of range.</exception>
    public CrossEntropyLoss(
        Reduction reduction = Reduction.Mean, IReadOnlyList<float>? weight = null, int ignoreIndex = DefaultIgnoreIndex, float labelSmoothing = 0, KernelChoice? kernels = null)
        : base(Computation.Of(Name, kernels, Share(weight, ignoreIndex, labelSmoothing)), reduction)
    {
    }

    public override string Operation => Name;

    private static CrossEntropyOperands Share(IReadOnlyList<float>? weight, int ignoreIndex, float labelSmoothing)
    {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
            throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, $"{Name}: expected a label smoothing from 0 to 1, got {labelSmoothing}");
        return new() { Weight = Weights(Name, weight), IgnoreIndex = ignoreIndex, LabelSmoothing = labelSmoothing };
    }
}
