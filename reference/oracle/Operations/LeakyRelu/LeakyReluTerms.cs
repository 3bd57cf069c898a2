namespace Conformance.Oracle.Operations;

/// <summary>What an element is multiplied by, from x and the negative slope.</summary>
public sealed record LeakyReluTerms(Func<double, double, double> Factor)
{
    public static LeakyReluTerms Right { get; } = new((x, slope) => x > 0 ? 1 : slope);
}
