namespace Sample;

/// <summary>A layer as someone wrote it, for arrays of their own. It knows nothing of the suite.</summary>
/// <param name="weight">Row-major [outputs, inputs].</param>
/// <param name="bias">[outputs], or null.</param>
public sealed class Linear(int inputs, int outputs, float[] weight, float[]? bias)
{
    public float[] WeightGradient { get; } = new float[weight.Length];

    public float[] BiasGradient { get; } = new float[outputs];

    /// <param name="x">[rows, inputs].</param>
    /// <returns>[rows, outputs].</returns>
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

    /// <param name="x">What Forward was given.</param>
    /// <param name="dy">The loss's gradient by its result.</param>
    /// <returns>The loss's gradient by x.</returns>
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
