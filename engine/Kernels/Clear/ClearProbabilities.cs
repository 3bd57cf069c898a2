namespace Conformance.Engine.Kernels.Clear;

/// <summary>Computes the softmax inside the classification losses.</summary>
internal static class ClearProbabilities
{
    /// <summary>Writes softmax(x) to <paramref name="probabilities"/>. Returns the largest x, and log Σ exp(x − largest).</summary>
    public static (float Largest, float LogSum) Fill(ReadOnlySpan<float> x, Span<float> probabilities)
    {
        float largest = float.NegativeInfinity;
        foreach (float value in x)
            largest = MathF.Max(largest, value);
        float sum = 0;
        for (int c = 0; c < x.Length; c++)
            sum += probabilities[c] = MathF.Exp(x[c] - largest);
        for (int c = 0; c < x.Length; c++)
            probabilities[c] /= sum;
        return (largest, MathF.Log(sum));
    }
}
