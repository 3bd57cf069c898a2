using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Losses;

/// <summary>
/// A loss that wrong labels spoil less (Zhang and Sabuncu 2018, equation 4): <c>(1 − p[target]^q)/q</c> with p = softmax(x[n]). Towards q = 0 it is
/// the cross-entropy; q = 1 is the mean absolute error, up to a factor. A hopeless image costs 1/q at most, and teaches nothing.
/// </summary>
public sealed class GeneralizedCrossEntropyLoss : ClassificationLoss
{
    private const string Name = "generalized_cross_entropy";
    private readonly GeneralizedCrossEntropyOperands _operands;

    /// <param name="q">Above 0, at most 1; 0.7 is the paper's.</param>
    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">q is out of range.</exception>
    public GeneralizedCrossEntropyLoss(Reduction reduction = Reduction.Mean, float q = 0.7f, KernelChoice? kernels = null)
        : this(Share(q), reduction, kernels)
    {
    }

    private GeneralizedCrossEntropyLoss(GeneralizedCrossEntropyOperands operands, Reduction reduction, KernelChoice? kernels)
        : base(KernelTable.Create(Name, operands, kernels), operands, reduction) => _operands = operands;

    public override string Operation => Name;

    private protected override void GiveRoom(int images)
    {
        base.GiveRoom(images);
        _operands.Powers = new float[images];
    }

    private static GeneralizedCrossEntropyOperands Share(float q) => q > 0 && q <= 1
        ? new() { Q = q }
        : throw new ArgumentOutOfRangeException(nameof(q), q, $"{Name}: expected a q above 0 and at most 1, got {q}");
}
