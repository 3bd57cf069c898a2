using System.Runtime.InteropServices;

namespace Conformance.Oracle;

/// <summary>
/// The sums of one result of a tap operation, or what is told of their terms. A struct, for the reason of <see cref="ITapTaker"/>.
/// </summary>
internal interface ISums
{
    void Add(int at, double term);

    /// <summary>Replaces the sum by one term.</summary>
    void Assign(int at, double term);

    double[] Results();
}

/// <summary>Sums in float64, in the order of the terms.</summary>
internal readonly struct Sums64(int length) : ISums
{
    private readonly double[] _sums = new double[length];

    public void Add(int at, double term) => _sums[at] += term;

    public void Assign(int at, double term) => _sums[at] = term;

    public double[] Results() => _sums;
}

/// <summary>Sums of the absolute values of the terms, in float64.</summary>
internal readonly struct Magnitudes(int length) : ISums
{
    private readonly double[] _sums = new double[length];

    public void Add(int at, double term) => _sums[at] += Math.Abs(term);

    public void Assign(int at, double term) => _sums[at] = Math.Abs(term);

    public double[] Results() => _sums;
}

/// <summary>The number of terms of each sum.</summary>
internal readonly struct TermCounts(int length) : ISums
{
    private readonly double[] _counts = new double[length];

    public void Add(int at, double term) => _counts[at]++;

    public void Assign(int at, double term) => _counts[at] = 1;

    public double[] Results() => _counts;
}

/// <summary>
/// Sums in float64 that are those of float32 too, in every order, if <see cref="AreExact"/>: of integers whose absolute values add up to 2²⁴ at
/// most.
/// </summary>
internal readonly struct ExactSums(int length) : ISums
{
    private readonly double[] _sums = new double[length];
    private readonly double[] _magnitudes = new double[length];
    private readonly bool[] _fractions = new bool[length];

    public bool AreExact => !_fractions.Contains(true) && _magnitudes.All(sum => sum <= ErrorBound.Budget);

    public void Add(int at, double term)
    {
        _sums[at] += term;
        _magnitudes[at] += Math.Abs(term);
        _fractions[at] |= term != Math.Floor(term);
    }

    public void Assign(int at, double term)
    {
        _sums[at] = 0;
        Add(at, term);
    }

    public double[] Results() => _sums;
}

/// <summary>Sums of float32 terms in float32, in a given order, with the rounding errors of an engine that sums in that order.</summary>
internal readonly struct Sums32(int length, Summation order) : ISums
{
    private const int None = -1;

    /// <summary>
    /// The terms of all sums, each with the place of the one before it in the same sum: a list for each sum would be many small lists.
    /// </summary>
    private readonly List<(float Term, int Before)> _terms = [];

    private readonly int[] _last = Nowhere(length);

    public void Add(int at, double term)
    {
        _terms.Add(((float)term, _last[at]));
        _last[at] = _terms.Count - 1;
    }

    public void Assign(int at, double term)
    {
        _last[at] = None;
        Add(at, term);
    }

    public double[] Results()
    {
        var (results, terms) = (new double[_last.Length], new List<float>());
        for (var at = 0; at < results.Length; at++)
        {
            terms.Clear();
            for (var place = _last[at]; place != None; place = _terms[place].Before)
                terms.Add(_terms[place].Term);
            terms.Reverse();
            results[at] = order.Sum(CollectionsMarshal.AsSpan(terms));
        }
        return results;
    }

    private static int[] Nowhere(int length)
    {
        var last = new int[length];
        Array.Fill(last, None);
        return last;
    }
}
