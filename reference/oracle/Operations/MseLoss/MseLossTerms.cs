namespace Conformance.Oracle.Operations;

/// <summary>What a squared error is made of, from x and t.</summary>
public sealed record MseLossTerms(Func<double, double, double> Loss, Func<double, double, double> Gradient)
{
    public static MseLossTerms Right { get; } = new((x, t) => (x - t) * (x - t), (x, t) => 2 * (x - t));
}
