using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Losses;

/// <summary>
/// Negative log-likelihood, <c>−w[target]·x[n, target]</c>, as <c>torch.nn.NLLLoss</c>. The input is log-probabilities <c>[N, classes]</c>, such
/// as the output of <c>log_softmax</c>; the loss does not check this.
/// </summary>
public sealed class NllLoss : ClassificationLoss
{
    private const string Name = "nll_loss";

    /// <param name="weight">w, one non-negative number per class; 1 each if null.</param>
    /// <param name="ignoreIndex">The class to ignore. Images with this target have no loss and no gradient.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
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
