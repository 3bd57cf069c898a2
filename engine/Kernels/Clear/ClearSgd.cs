using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>The update as a plain loop over elements.</summary>
internal sealed class ClearSgd : SgdKernel
{
    public override void Update(Span<float> parameters, Span<float> buffers, ReadOnlySpan<float> gradients, in SgdStep step)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            float gradient = gradients[i], direction = gradient;
            if (step.WeightDecay != 0)
                direction = gradient += step.WeightDecay * parameters[i];
            if (step.Momentum != 0)
            {
                buffers[i] = step.Momentum * buffers[i] + step.GradientShare * gradient;
                direction = step.Nesterov ? gradient + step.Momentum * buffers[i] : buffers[i];
            }
            parameters[i] -= step.LearningRate * direction;
        }
    }
}
