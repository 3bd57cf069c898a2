namespace Conformance.Engine;

/// <summary>The update, a vector at a time; the same roundings as the clear one, so the same bits.</summary>
internal sealed unsafe class FastSgd<T> : SgdKernel where T : unmanaged, ISimd<T>
{
    private readonly ClearSgd _rest = new();

    public override void Update(Span<float> parameters, Span<float> velocities, ReadOnlySpan<float> gradients, float learningRate, float momentum)
    {
        int i = 0;
        T rate = T.Broadcast(learningRate), decay = T.Broadcast(momentum);
        fixed (float* p = parameters, v = velocities, g = gradients)
            for (; i + T.Count <= parameters.Length; i += T.Count)
            {
                T velocity = decay * T.Load(v + i) + T.Load(g + i);
                T.Store(v + i, velocity);
                T.Store(p + i, T.Load(p + i) - rate * velocity);
            }
        _rest.Update(parameters[i..], velocities[i..], gradients[i..], learningRate, momentum);
    }
}
