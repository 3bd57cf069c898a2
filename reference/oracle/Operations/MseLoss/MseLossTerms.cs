namespace Conformance.Oracle.Operations;

/// <summary>The terms of a squared error, from x and t.</summary>
public sealed record MseLossTerms(Func<double, double, double> Loss, Func<double, double, double> Gradient)
{
    public static MseLossTerms Right { get; } = new((x, t) => (x - t) * (x - t), (x, t) => 2 * (x - t));
}
