using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Losses;

/// <summary>
/// Softmax cross-entropy in nats, as <c>torch.nn.CrossEntropyLoss</c> with class numbers as targets. With p = softmax(x[n]), class weights w and
/// label smoothing ε, the loss of an image is <c>−Σ q[c]·log p[c]</c> where <c>q[c] = w[c]·((1 − ε)·[c = target] + ε/classes)</c>. Without
/// options it is <c>−log p[target]</c>. The largest logit is subtracted first and the logarithm is taken of the sum, so the loss stays finite for
/// any finite logits.
/// </summary>
public sealed class CrossEntropyLoss : ClassificationLoss
{
    private const string Name = "cross_entropy";

    /// <param name="weight">w, one non-negative number per class; 1 each if null.</param>
    /// <param name="ignoreIndex">The class to ignore. Images with this target have no loss and no gradient.</param>
    /// <param name="labelSmoothing">ε, 0–1.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    /// <exception cref="ArgumentException">A weight or the smoothing is out of range.</exception>
    public CrossEntropyLoss(
        Reduction reduction = Reduction.Mean, IReadOnlyList<float>? weight = null, int ignoreIndex = DefaultIgnoreIndex, float labelSmoothing = 0,
        KernelChoice? kernels = null)
        : this(Share(weight, ignoreIndex, labelSmoothing), reduction, kernels)
    {
    }

    private CrossEntropyLoss(CrossEntropyOperands operands, Reduction reduction, KernelChoice? kernels)
        : base(KernelTable.Create(Name, operands, kernels), operands, reduction)
    {
    }

    public override string Operation => Name;

    private static CrossEntropyOperands Share(IReadOnlyList<float>? weight, int ignoreIndex, float labelSmoothing)
    {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(labelSmoothing), labelSmoothing, $"{Name}: expected a label smoothing from 0 to 1, got {labelSmoothing}");
        return new() { Weight = Weights(Name, weight), IgnoreIndex = ignoreIndex, LabelSmoothing = labelSmoothing };
    }
}
