using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Losses;

/// <summary>
/// Generalized cross-entropy (Zhang and Sabuncu 2018, equation 4), a loss that is robust against wrong labels: <c>(1 − p[target]^q)/q</c> with p =
/// softmax(x[n]). The limit q → 0 is the cross-entropy; q = 1 is the mean absolute error, up to a factor. An image with p[target] near 0 has a loss
/// of at most 1/q and almost no gradient.
/// </summary>
public sealed class GeneralizedCrossEntropyLoss : ClassificationLoss
{
    private const string Name = "generalized_cross_entropy";
    private readonly GeneralizedCrossEntropyOperands _operands;

    /// <param name="q">The exponent, above 0 and at most 1; the paper uses 0.7.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
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
