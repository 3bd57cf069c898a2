namespace Conformance.Oracle;

/// <summary>The order in which an engine adds the terms of a sum up.</summary>
public enum Summation
{
    /// <summary>As the loops meet them.</summary>
    Sequential,

    /// <summary>The last term first.</summary>
    Reversed,

    /// <summary>Both halves first, and so on down.</summary>
    Pairwise,

    /// <summary>Eight running sums in turn, as vector lanes have them, and then those.</summary>
    Blocked,
}

/// <summary>Sums in float32, each addition rounded.</summary>
internal static class Float32Sums
{
    private const int Lanes = 8;

    /// <param name="terms">What is added up; its order is lost.</param>
    public static float Sum(this Summation order, Span<float> terms)
    {
        switch (order)
        {
            case Summation.Reversed:
                terms.Reverse();
                return Sequential(terms);
            case Summation.Pairwise:
                return Pairwise(terms);
            case Summation.Blocked:
                Span<float> lanes = stackalloc float[Lanes];
                for (var i = 0; i < terms.Length; i++)
                    lanes[i % Lanes] += terms[i];
                return Sequential(lanes);
            default:
                return Sequential(terms);
        }
    }

    private static float Sequential(ReadOnlySpan<float> terms)
    {
        var sum = 0f;
        foreach (var term in terms)
            sum += term;
        return sum;
    }

    private static float Pairwise(ReadOnlySpan<float> terms) => terms.Length <= 2 ? Sequential(terms)
        : Pairwise(terms[..(terms.Length / 2)]) + Pairwise(terms[(terms.Length / 2)..]);
}
