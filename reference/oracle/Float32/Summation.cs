namespace Conformance.Oracle;

/// <summary>The order in which an engine adds the terms of a sum.</summary>
public enum Summation
{
    /// <summary>In the order of the loops.</summary>
    Sequential,

    /// <summary>The last term first.</summary>
    Reversed,

    /// <summary>Each half separately, recursively.</summary>
    Pairwise,

    /// <summary>Eight running sums in turn, like the lanes of a vector, then the sum of these.</summary>
    Blocked,
}

/// <summary>Sums in float32, with each addition rounded.</summary>
internal static class Float32Sums
{
    private const int Lanes = 8;

    /// <param name="terms">The terms. The span is overwritten.</param>
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
