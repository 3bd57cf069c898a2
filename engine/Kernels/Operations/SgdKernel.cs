namespace Conformance.Engine.Kernels.Operations;

/// <summary>What is the same for all elements of a step.</summary>
/// <param name="Momentum">μ; where it is 0 there is no buffer.</param>
/// <param name="GradientShare">1 − τ, or 1 while the buffer is still 0.</param>
/// <param name="WeightDecay">λ; where it is 0 the parameter is not read, so that an infinite one stays what it is.</param>
internal readonly record struct SgdStep(float LearningRate, float Momentum, float GradientShare, float WeightDecay, bool Nesterov);

/// <summary>SGD over a range of parameters; the optimiser <c>Sgd</c> has the formula.</summary>
internal abstract class SgdKernel
{
    /// <param name="parameters">Changed in place.</param>
    /// <param name="buffers">Changed in place, unless the momentum is 0.</param>
    public abstract void Update(Span<float> parameters, Span<float> buffers, ReadOnlySpan<float> gradients, in SgdStep step);
}
