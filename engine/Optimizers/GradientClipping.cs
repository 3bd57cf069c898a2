using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>Keeps gradients small, between the backward pass and the update.</summary>
public abstract class GradientClipping
{
    private protected GradientClipping(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Ranges = ParameterRange.Of(parameters);
    }

    /// <summary>The parts of the gradients that may be worked on at the same time.</summary>
    internal IReadOnlyList<ParameterRange> Ranges { get; }

    /// <summary>Clips the gradients, on this thread.</summary>
    public void Clip()
    {
        for (int unit = 0; unit < MeasureUnits; unit++)
            Measure(unit);
        Decide();
        for (int unit = 0; unit < Ranges.Count; unit++)
            Apply(unit);
    }

    /// <summary>Units that look at the gradients first.</summary>
    internal virtual int MeasureUnits => 0;

    internal virtual void Measure(int unit)
    {
    }

    /// <summary>Comes between the units that measure and those that apply.</summary>
    internal virtual void Decide()
    {
    }

    /// <summary>Changes one range of the gradients.</summary>
    internal abstract void Apply(int unit);

    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or NaN.</exception>
    private protected static double Limit(double value, string name) => value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"gradient clipping: expected a {name} of 0 or more, got {value}");
}

/// <summary>
/// Scales all gradients by one factor where their common norm is too large, as <c>torch.nn.utils.clip_grad_norm_</c>: with N = √Σ g² over all elements of all
/// parameters, <c>g ← g · min(1, maxNorm/(N + 10⁻⁶))</c>. An infinite norm makes all gradients 0, and the infinite ones NaN; NaN makes all NaN.
/// </summary>
/// <remarks>Sums of squares are float64, by fixed ranges that are added in order: the norm has the same bits for any number of threads.</remarks>
public sealed class GradientNormClipping : GradientClipping
{
    private readonly double[] _squares;
    private float _factor;

    /// <param name="parameters">Whose gradients share the norm.</param>
    /// <param name="maxNorm">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or NaN.</exception>
    public GradientNormClipping(IReadOnlyList<Parameter> parameters, double maxNorm) : base(parameters)
    {
        MaxNorm = Limit(maxNorm, nameof(maxNorm));
        _squares = new double[Ranges.Count];
    }

    public double MaxNorm { get; }

    /// <summary>N, as it was before the gradients were last clipped; 0 before the first time.</summary>
    public double Norm { get; private set; }

    internal override int MeasureUnits => Ranges.Count;

    internal override void Measure(int unit)
    {
        double sum = 0;
        foreach (float value in Ranges[unit].Gradient)
            sum += (double)value * value;
        _squares[unit] = sum;
    }

    internal override void Decide()
    {
        double sum = 0;
        foreach (double square in _squares)
            sum += square;
        Norm = Math.Sqrt(sum);
        _factor = (float)Math.Min(1, MaxNorm / (Norm + 1e-6)); // NaN stays NaN
    }

    internal override void Apply(int unit)
    {
        if (_factor == 1)
            return;
        foreach (ref float value in Ranges[unit].Gradient)
            value *= _factor;
    }
}

/// <summary>Keeps each element of the gradients in ±maxValue, as <c>torch.nn.utils.clip_grad_value_</c>; NaN stays NaN.</summary>
public sealed class GradientValueClipping : GradientClipping
{
    private readonly float _limit;

    /// <param name="parameters">Whose gradients are clipped.</param>
    /// <param name="maxValue">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or NaN.</exception>
    public GradientValueClipping(IReadOnlyList<Parameter> parameters, double maxValue) : base(parameters)
    {
        MaxValue = Limit(maxValue, nameof(maxValue));
        _limit = (float)maxValue;
    }

    public double MaxValue { get; }

    internal override void Apply(int unit)
    {
        foreach (ref float value in Ranges[unit].Gradient)
            value = Math.Clamp(value, -_limit, _limit);
    }
}
