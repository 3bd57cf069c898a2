using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Losses;

/// <summary>
/// Negative log-likelihood, <c>−w[target]·x[n, target]</c>, as <c>torch.nn.NLLLoss</c>: the input is log-probabilities (<c>log_softmax</c>), taken as
/// they are.
/// </summary>
public sealed class NllLoss : ClassificationLoss
{
    private const string Name = "nll_loss";

    /// <param name="weight">w, one for each class, 0 or more; 1 each if null.</param>
    /// <param name="ignoreIndex">Images with this target have no loss and no gradient.</param>
    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    /// <exception cref="ArgumentException">A weight is out of range.</exception>
    public NllLoss(
        Reduction reduction = Reduction.Mean, IReadOnlyList<float>? weight = null, int ignoreIndex = DefaultIgnoreIndex, KernelChoice? kernels = null)
        : this(new() { Weight = Weights(Name, weight), IgnoreIndex = ignoreIndex }, reduction, kernels)
    {
    }

    private NllLoss(ClassificationOperands operands, Reduction reduction, KernelChoice? kernels)
        : base(KernelTable.Create(Name, operands, kernels), operands, reduction)
    {
    }

    public override string Operation => Name;
}
