namespace Conformance.Engine.Kernels.Operations;

/// <summary>The numbers that all elements of a step share.</summary>
/// <param name="WeightDecay">λ if the decay is added to the gradient. If it is 0, the parameter is not read for it.</param>
/// <param name="Shrink">1 − η·λ if the decay is decoupled from the gradient (AdamW), otherwise 1.</param>
/// <param name="FirstShare">1 − β₁</param>
/// <param name="SecondShare">1 − β₂</param>
/// <param name="StepSize">η/(1 − β₁ᵗ)</param>
/// <param name="SecondCorrection">√(1 − β₂ᵗ)</param>
internal readonly record struct AdamStep(
    float WeightDecay, float Shrink, float Beta1, float FirstShare, float Beta2, float SecondShare,
    float StepSize, float SecondCorrection, float Eps);

/// <summary>The update of Adam and AdamW for a range of parameters. The class <c>Adam</c> has the formula.</summary>
internal abstract class AdamKernel
{
    /// <param name="parameters">Updated in place.</param>
    /// <param name="firstMoments">Updated in place.</param>
    /// <param name="secondMoments">Updated in place.</param>
    public abstract void Update(
        Span<float> parameters, Span<float> firstMoments, Span<float> secondMoments, ReadOnlySpan<float> gradients, in AdamStep step);
}
