using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>The update as a plain loop over elements.</summary>
internal sealed class ClearAdam : AdamKernel
{
    public override void Update(
        Span<float> parameters, Span<float> firstMoments, Span<float> secondMoments, ReadOnlySpan<float> gradients, in AdamStep step)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            float gradient = gradients[i];
            if (step.WeightDecay != 0)
                gradient += step.WeightDecay * parameters[i];
            firstMoments[i] = step.Beta1 * firstMoments[i] + step.FirstShare * gradient;
            secondMoments[i] = step.Beta2 * secondMoments[i] + step.SecondShare * (gradient * gradient);
            float denominator = MathF.Sqrt(secondMoments[i]) / step.SecondCorrection + step.Eps;
            parameters[i] = step.Shrink * parameters[i] - step.StepSize * (firstMoments[i] / denominator);
        }
    }
}
