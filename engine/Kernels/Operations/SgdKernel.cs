namespace Conformance.Engine.Kernels.Operations;

/// <summary>The numbers that all elements of a step share.</summary>
/// <param name="Momentum">μ. If it is 0 there is no buffer.</param>
/// <param name="GradientShare">1 − τ, or 1 in the first step with momentum.</param>
/// <param name="WeightDecay">λ. If it is 0 the parameter is not read for it, so that an infinite parameter stays infinite.</param>
internal readonly record struct SgdStep(float LearningRate, float Momentum, float GradientShare, float WeightDecay, bool Nesterov);

/// <summary>The update of SGD for a range of parameters. The class <c>Sgd</c> has the formula.</summary>
internal abstract class SgdKernel
{
    /// <param name="parameters">Updated in place.</param>
    /// <param name="buffers">Updated in place, unless the momentum is 0.</param>
    public abstract void Update(Span<float> parameters, Span<float> buffers, ReadOnlySpan<float> gradients, in SgdStep step);
}
