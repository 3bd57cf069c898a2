namespace Conformance.Engine;

/// <summary>SGD with momentum over a range of parameters: v ← μ·v + g; p ← p − η·v (PyTorch's form, no dampening).</summary>
internal abstract class SgdKernel
{
    /// <param name="parameters">Changed in place.</param>
    /// <param name="velocities">Changed in place.</param>
    public abstract void Update(Span<float> parameters, Span<float> velocities, ReadOnlySpan<float> gradients, float learningRate, float momentum);
}
