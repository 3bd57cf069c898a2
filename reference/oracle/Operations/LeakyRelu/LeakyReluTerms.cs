namespace Conformance.Oracle.Operations;

/// <summary>The factor of an element, from x and the negative slope.</summary>
public sealed record LeakyReluTerms(Func<double, double, double> Factor)
{
    public static LeakyReluTerms Right { get; } = new((x, slope) => x > 0 ? 1 : slope);
}
