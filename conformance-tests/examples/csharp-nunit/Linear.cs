namespace Sample;

/// <summary>An example of a user's layer, which works on plain arrays. It has no reference to the suite.</summary>
/// <param name="weight">The weights, row-major [outputs, inputs].</param>
/// <param name="bias">The bias, [outputs], or null.</param>
public sealed class Linear(int inputs, int outputs, float[] weight, float[]? bias)
{
    public float[] WeightGradient { get; } = new float[weight.Length];

    public float[] BiasGradient { get; } = new float[outputs];

    /// <param name="x">The input, [rows, inputs].</param>
    /// <returns>The output, [rows, outputs].</returns>
    public float[] Forward(float[] x, int rows)
    {
        var y = new float[rows * outputs];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outputs; o++)
            {
                var sum = bias?[o] ?? 0;
                for (var i = 0; i < inputs; i++)
                    sum += x[n * inputs + i] * weight[o * inputs + i];
                y[n * outputs + o] = sum;
            }
        return y;
    }

    /// <param name="x">The input of Forward.</param>
    /// <param name="dy">The gradient of the loss with respect to the output.</param>
    /// <returns>The gradient of the loss with respect to x.</returns>
    public float[] Backward(float[] x, float[] dy, int rows)
    {
        var dx = new float[x.Length];
        Array.Clear(WeightGradient);
        Array.Clear(BiasGradient);
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outputs; o++)
            {
                var d = dy[n * outputs + o];
                BiasGradient[o] += d;
                for (var i = 0; i < inputs; i++)
                {
                    dx[n * inputs + i] += d * weight[o * inputs + i];
                    WeightGradient[o * inputs + i] += d * x[n * inputs + i];
                }
            }
        return dx;
    }
}
