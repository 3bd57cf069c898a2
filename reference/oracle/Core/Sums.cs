using System.Runtime.InteropServices;

namespace Conformance.Oracle;

/// <summary>The sums of one result of a tap operation.</summary>
internal abstract class Sums
{
    public static Sums Create(int length, Summation? float32) => float32 is { } order ? new Sums32(length, order) : new Sums64(length);

    public abstract void Add(int at, double term);

    /// <summary>Replaces the sum by one term.</summary>
    public abstract void Assign(int at, double term);

    public abstract double[] Results();
}

/// <summary>Sums in float64, in the order of the terms.</summary>
internal sealed class Sums64(int length) : Sums
{
    private readonly double[] _sums = new double[length];

    public override void Add(int at, double term) => _sums[at] += term;

    public override void Assign(int at, double term) => _sums[at] = term;

    public override double[] Results() => _sums;
}

/// <summary>Sums of float32 terms in float32, in a given order, with the rounding errors of an engine that sums in that order.</summary>
internal sealed class Sums32(int length, Summation order) : Sums
{
    private readonly List<float>?[] _terms = new List<float>?[length];

    public override void Add(int at, double term) => (_terms[at] ??= []).Add((float)term);

    public override void Assign(int at, double term) => _terms[at] = [(float)term];

    public override double[] Results() => Array.ConvertAll(_terms, terms => terms is null ? 0.0 : order.Sum(CollectionsMarshal.AsSpan(terms)));
}
