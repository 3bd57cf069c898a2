namespace Conformance.Engine.Kernels.Operations;

/// <summary>What is the same for all elements of a step.</summary>
/// <param name="WeightDecay">λ, where it goes through the gradient; where it is 0 the parameter is not read for it.</param>
/// <param name="Shrink">1 − η·λ, where the decay does not go through the gradient, else 1.</param>
/// <param name="FirstShare">1 − β₁</param>
/// <param name="SecondShare">1 − β₂</param>
/// <param name="StepSize">η/(1 − β₁ᵗ)</param>
/// <param name="SecondCorrection">√(1 − β₂ᵗ)</param>
internal readonly record struct AdamStep(
    float WeightDecay, float Shrink, float Beta1, float FirstShare, float Beta2, float SecondShare,
    float StepSize, float SecondCorrection, float Eps);

/// <summary>Adam and AdamW over a range of parameters; the optimiser <c>Adam</c> has the formula.</summary>
internal abstract class AdamKernel
{
    /// <param name="parameters">Changed in place.</param>
    /// <param name="firstMoments">Changed in place.</param>
    /// <param name="secondMoments">Changed in place.</param>
    public abstract void Update(
        Span<float> parameters, Span<float> firstMoments, Span<float> secondMoments, ReadOnlySpan<float> gradients, in AdamStep step);
}
