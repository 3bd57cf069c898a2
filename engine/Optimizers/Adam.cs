using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) in the form of <c>torch.optim.Adam</c>. With betas β₁ and β₂, ε, and weight decay λ, step t (from
/// 1) is
/// <code>
/// g ← g + λ·p      m ← β₁·m + (1 − β₁)·g      v ← β₂·v + (1 − β₂)·g²
/// p ← p − η/(1 − β₁ᵗ)·m / (√v/√(1 − β₂ᵗ) + ε)
/// </code>
/// </summary>
public class Adam : Optimizer
{
    private readonly AdamKernel _kernel;
    private readonly bool _decoupled;
    private readonly Tensor[] _firstMoments;
    private readonly Tensor[] _secondMoments;
    private AdamStep _step;

    /// <param name="learningRate">η, 0 or more.</param>
    /// <param name="beta1">β₁, from 0 to below 1.</param>
    /// <param name="beta2">β₂, from 0 to below 1.</param>
    /// <param name="eps">ε, 0 or more.</param>
    /// <param name="weightDecay">λ, 0 or more.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Adam(
        IReadOnlyList<Parameter> parameters, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weightDecay = 0, KernelChoice? kernels = null)
        : this("adam", false, parameters, learningRate, beta1, beta2, eps, weightDecay, kernels)
    {
    }

    private protected Adam(
        string operation, bool decoupled, IReadOnlyList<Parameter> parameters, double learningRate, double beta1, double beta2, double eps,
        double weightDecay, KernelChoice? kernels)
        : base(operation, parameters, learningRate)
    {
        _decoupled = decoupled;
        Beta1 = beta1;
        Beta2 = BelowOne("beta2", beta2, nameof(beta2));
        Eps = NotNegative("eps", eps, nameof(eps));
        WeightDecay = NotNegative("weight decay", weightDecay, nameof(weightDecay));
        var row = KernelTable.Find<AdamKernel>(operation, kernels);
        (_kernel, KernelName) = (row.Kernel, row.Name);
        (_firstMoments, _secondMoments) = (Zeros(parameters), Zeros(parameters));
        State = new Dictionary<string, IReadOnlyList<Tensor>> { ["exp_avg"] = _firstMoments, ["exp_avg_sq"] = _secondMoments };
    }

    public sealed override string KernelName { get; }

    /// <summary>
    /// The moments <c>exp_avg</c> (m) and <c>exp_avg_sq</c> (v). PyTorch's <c>step</c> is <see cref="Optimizer.Steps"/>.
    /// </summary>
    public sealed override IReadOnlyDictionary<string, IReadOnlyList<Tensor>> State { get; }

    /// <summary>β₁. It may be changed between steps, as by a schedule that cycles the momentum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to below 1.</exception>
    public double Beta1
    {
        get;
        set => field = BelowOne("beta1", value, nameof(value));
    }

    public double Beta2 { get; }

    public double Eps { get; }

    public double WeightDecay { get; }

    private protected sealed override void Prepare() => _step = new(
        (float)(_decoupled ? 0 : WeightDecay),
        (float)(_decoupled ? 1 - LearningRate * WeightDecay : 1),
        (float)Beta1, (float)(1 - Beta1),
        (float)Beta2, (float)(1 - Beta2),
        (float)(LearningRate / (1 - Math.Pow(Beta1, Steps))),
        (float)Math.Sqrt(1 - Math.Pow(Beta2, Steps)),
        (float)Eps);

    private protected sealed override void Update(ParameterRange range) =>
        _kernel.Update(range.Value, range.Slice(_firstMoments), range.Slice(_secondMoments), range.Gradient, _step);
}
