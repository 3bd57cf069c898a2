namespace Conformance.Engine;

/// <summary>Weights that keep the size of the activations from layer to layer under ReLU (He et al. 2015).</summary>
public static class HeInitialization
{
    /// <summary>
    /// Fills each parameter of rank 2 or more with normal numbers of deviation √(2 / fan-in), where fan-in is the number of weights that one output sums;
    /// the others (biases) with zeros. One splitmix64 stream runs through all parameters in order, row-major: a draw is a normal deviate by the ratio of
    /// uniforms (u, then v, each the upper 53 bits plus one times 2⁻⁵³), times the deviation in float64, rounded to float32.
    /// So a seed means the same weights on every machine.
    /// </summary>
    public static void Fill(IReadOnlyList<Parameter> parameters, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var random = new SplitMix64(seed);
        foreach (var parameter in parameters)
        {
            var values = parameter.Value.Span;
            values.Clear();
            if (parameter.Value.Shape.Length < 2)
                continue;
            double deviation = Math.Sqrt(2.0 / Shapes.Size(parameter.Value.Shape[1..]));
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)(deviation * random.Normal());
        }
    }
}
