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

/// <summary>The sums of one result of a tap operation.</summary>
internal abstract class Sums
{
    public static Sums Of(int length, Summation? float32) => float32 is { } order ? new Sums32(length, order) : new Sums64(length);

    public abstract void Add(int at, double term);

    /// <summary>Forgets what was added there before.</summary>
    public abstract void Assign(int at, double term);

    public abstract double[] Results();
}

/// <summary>Sums in float64, as they come.</summary>
internal sealed class Sums64(int length) : Sums
{
    private readonly double[] _sums = new double[length];

    public override void Add(int at, double term) => _sums[at] += term;

    public override void Assign(int at, double term) => _sums[at] = term;

    public override double[] Results() => _sums;
}

/// <summary>Sums of float32 terms in float32, in an order of one's own: what an engine of that habit answers, rounding errors and all.</summary>
internal sealed class Sums32(int length, Summation order) : Sums
{
    private readonly List<float>?[] _terms = new List<float>?[length];

    public override void Add(int at, double term) => (_terms[at] ??= []).Add((float)term);

    public override void Assign(int at, double term) => _terms[at] = [(float)term];

    public override double[] Results() => Array.ConvertAll(_terms, terms => terms is null ? 0.0 : order.Sum(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(terms)));
}
