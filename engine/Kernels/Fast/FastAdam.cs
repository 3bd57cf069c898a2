using Conformance.Engine.Kernels.Clear;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>The update, one vector at a time. It rounds as the clear kernel does, so the bits are equal.</summary>
internal sealed unsafe class FastAdam<T> : AdamKernel where T : unmanaged, ISimd<T>
{
    private readonly ClearAdam _rest = new();

    public override void Update(
        Span<float> parameters, Span<float> firstMoments, Span<float> secondMoments, ReadOnlySpan<float> gradients, in AdamStep step)
    {
        int i = 0;
        T decay = T.Broadcast(step.WeightDecay), shrink = T.Broadcast(step.Shrink), rate = T.Broadcast(step.StepSize);
        T beta1 = T.Broadcast(step.Beta1), share1 = T.Broadcast(step.FirstShare);
        T beta2 = T.Broadcast(step.Beta2), share2 = T.Broadcast(step.SecondShare);
        T correction = T.Broadcast(step.SecondCorrection), eps = T.Broadcast(step.Eps);
        fixed (float* p = parameters, m = firstMoments, v = secondMoments, g = gradients)
            for (; i + T.Count <= parameters.Length; i += T.Count)
            {
                T parameter = T.Load(p + i), gradient = T.Load(g + i);
                if (step.WeightDecay != 0)
                    gradient += decay * parameter;
                T first = beta1 * T.Load(m + i) + share1 * gradient;
                T second = beta2 * T.Load(v + i) + share2 * (gradient * gradient);
                T.Store(m + i, first);
                T.Store(v + i, second);
                T denominator = T.Sqrt(second) / correction + eps;
                T.Store(p + i, shrink * parameter - rate * (first / denominator));
            }
        _rest.Update(parameters[i..], firstMoments[i..], secondMoments[i..], gradients[i..], step);
    }
}
