namespace Conformance.Engine;

/// <summary>States the update, element by element.</summary>
internal sealed class ClearSgd : SgdKernel
{
    public override void Update(Span<float> parameters, Span<float> velocities, ReadOnlySpan<float> gradients, float learningRate, float momentum)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            velocities[i] = momentum * velocities[i] + gradients[i];
            parameters[i] -= learningRate * velocities[i];
        }
    }
}
