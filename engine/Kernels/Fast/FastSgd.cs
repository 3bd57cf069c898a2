using Conformance.Engine.Kernels.Clear;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>The update, one vector at a time. It rounds as the clear kernel does, so the bits are equal.</summary>
internal sealed unsafe class FastSgd<T> : SgdKernel where T : unmanaged, ISimd<T>
{
    private readonly ClearSgd _rest = new();

    public override void Update(Span<float> parameters, Span<float> buffers, ReadOnlySpan<float> gradients, in SgdStep step)
    {
        int i = 0;
        T rate = T.Broadcast(step.LearningRate), momentum = T.Broadcast(step.Momentum);
        T share = T.Broadcast(step.GradientShare), decay = T.Broadcast(step.WeightDecay);
        fixed (float* p = parameters, v = buffers, g = gradients)
            for (; i + T.Count <= parameters.Length; i += T.Count)
            {
                T parameter = T.Load(p + i), gradient = T.Load(g + i);
                if (step.WeightDecay != 0)
                    gradient += decay * parameter;
                T direction = gradient;
                if (step.Momentum != 0)
                {
                    T buffer = momentum * T.Load(v + i) + share * gradient;
                    T.Store(v + i, buffer);
                    direction = step.Nesterov ? gradient + momentum * buffer : buffer;
                }
                T.Store(p + i, parameter - rate * direction);
            }
        _rest.Update(parameters[i..], buffers[i..], gradients[i..], step);
    }
}
