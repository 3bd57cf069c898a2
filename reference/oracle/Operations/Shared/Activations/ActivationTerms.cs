namespace Conformance.Oracle.Operations;

/// <summary>An activation in named terms: y from x, the slope dy/dx from x and y, and dx from dy and the slope.</summary>
public sealed record ActivationTerms(Func<double, double> Value, Func<double, double, double> Slope)
{
    public Func<double, double, double> Gradient { get; init; } = (dy, slope) => dy * slope;
}
