using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), in the form of <c>torch.optim.AdamW</c>: <c>p ← p·(1 − η·λ)</c>, then the
/// step of <see cref="Adam"/>. The decay does not enter the moments.
/// </summary>
public sealed class AdamW : Adam
{
    /// <param name="learningRate">η, 0 or more.</param>
    /// <param name="beta1">β₁, from 0 to below 1.</param>
    /// <param name="beta2">β₂, from 0 to below 1.</param>
    /// <param name="eps">ε, 0 or more.</param>
    /// <param name="weightDecay">λ, 0 or more.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public AdamW(
        IReadOnlyList<Parameter> parameters, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weightDecay = 0.01, KernelChoice? kernels = null)
        : base("adamw", true, parameters, learningRate, beta1, beta2, eps, weightDecay, kernels)
    {
    }
}
