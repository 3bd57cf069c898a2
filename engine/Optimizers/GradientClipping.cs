using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>Limits the gradients between the backward pass and the update.</summary>
public abstract class GradientClipping
{
    private readonly ParameterRange[] _ranges;
    private readonly Action<int> _apply; // created once, so that clipping allocates nothing

    private protected GradientClipping(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _ranges = ParameterRange.Cut(parameters);
        _apply = range => Apply(_ranges[range].Gradient);
    }

    /// <summary>Clips the gradients, on this thread.</summary>
    public void Clip() => Clip(Workers.Alone);

    /// <summary>Clips the gradients, on several threads.</summary>
    internal void Clip(Workers workers)
    {
        if (Prepare(workers))
            workers.Run(_ranges.Length, _apply);
    }

    /// <summary>Reads all gradients before any is changed.</summary>
    /// <returns>Whether gradients need to be changed.</returns>
    private protected virtual bool Prepare(Workers workers) => true;

    /// <summary>Changes a range of the gradients.</summary>
    private protected abstract void Apply(Span<float> gradients);

    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or NaN.</exception>
    private protected static double Limit(double value, string name) => value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"gradient clipping: expected a {name} of 0 or more, got {value}");
}

/// <summary>
/// Scales all gradients by one factor if their common norm is too large, as <c>torch.nn.utils.clip_grad_norm_</c>. With the norm N of
/// <see cref="GradientNorm"/>, <c>g ← g · min(1, maxNorm/(N + 10⁻⁶))</c>. If N is infinite, infinite gradients become NaN and the others 0. If
/// N is NaN, all become NaN.
/// </summary>
public sealed class GradientNormClipping : GradientClipping
{
    private readonly GradientNorm _norm;
    private float _factor;

    /// <param name="parameters">The parameters whose gradients share the norm.</param>
    /// <param name="maxNorm">The largest norm, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or NaN.</exception>
    public GradientNormClipping(IReadOnlyList<Parameter> parameters, double maxNorm) : base(parameters)
    {
        MaxNorm = Limit(maxNorm, nameof(maxNorm));
        _norm = new(parameters);
    }

    public double MaxNorm { get; }

    /// <summary>N before the last clipping; 0 before the first.</summary>
    public double Norm { get; private set; }

    private protected override bool Prepare(Workers workers)
    {
        Norm = _norm.Measure(workers);
        _factor = (float)Math.Min(1, MaxNorm / (Norm + 1e-6)); // NaN stays NaN
        return _factor != 1;
    }

    private protected override void Apply(Span<float> gradients)
    {
        foreach (ref float value in gradients)
            value *= _factor;
    }
}

/// <summary>Keeps each element of the gradients in ±maxValue, as <c>torch.nn.utils.clip_grad_value_</c>; NaN stays NaN.</summary>
public sealed class GradientValueClipping : GradientClipping
{
    private readonly float _limit;

    /// <param name="parameters">The parameters whose gradients are clipped.</param>
    /// <param name="maxValue">The largest absolute value, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or NaN.</exception>
    public GradientValueClipping(IReadOnlyList<Parameter> parameters, double maxValue) : base(parameters)
    {
        MaxValue = Limit(maxValue, nameof(maxValue));
        _limit = (float)maxValue;
    }

    public double MaxValue { get; }

    private protected override void Apply(Span<float> gradients)
    {
        foreach (ref float value in gradients)
            value = Math.Clamp(value, -_limit, _limit);
    }
}
