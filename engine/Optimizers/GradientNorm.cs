using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>Measures the common norm of the gradients of several parameters: N = √Σ g² over all their elements.</summary>
/// <remarks>
/// Sums of squares are float64, over fixed ranges that are added in order. So the norm has the same bits for any number of threads.
/// </remarks>
public sealed class GradientNorm
{
    private readonly ParameterRange[] _ranges;
    private readonly double[] _squares; // one sum per range
    private readonly Action<int> _square; // created once, so that measuring allocates nothing

    /// <param name="parameters">The parameters whose gradients share the norm.</param>
    public GradientNorm(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _ranges = ParameterRange.Cut(parameters);
        _squares = new double[_ranges.Length];
        _square = Square;
    }

    /// <summary>Returns N for the current gradients; infinite or NaN if one of them is.</summary>
    public double Measure() => Measure(Workers.Alone);

    /// <summary>Returns N, computed on several threads.</summary>
    internal double Measure(Workers workers)
    {
        workers.Run(_ranges.Length, _square);
        double sum = 0;
        foreach (double square in _squares)
            sum += square;
        return Math.Sqrt(sum);
    }

    private void Square(int range)
    {
        double sum = 0;
        foreach (float value in _ranges[range].Gradient)
            sum += (double)value * value;
        _squares[range] = sum;
    }
}
