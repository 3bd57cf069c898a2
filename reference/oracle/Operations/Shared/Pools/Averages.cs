namespace Conformance.Oracle.Operations;

/// <summary>The numbers of an average pool. They are exact if every division is, however an engine divides.</summary>
internal static class Averages
{
    private const int Elements = 9;
    private const int Cotangents = 5;

    /// <summary>
    /// Sizes k of small windows for which (k·m)·fl(1/k) rounds to m in float32, so that an engine may also multiply by the reciprocal. 7, 13, 14
    /// and 15 are not among them.
    /// </summary>
    private static readonly int[] Exact = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 16, 25];

    /// <summary>
    /// Draws the input and the cotangent. The case is exact if every divisor is in <see cref="Exact"/> and every sum of multiples of their least
    /// common multiple stays within 2²⁴; the elements are then small integers times that multiple. Otherwise, and with the word <c>float</c>, they
    /// are fractions judged within a bound.
    /// </summary>
    /// <param name="divisors">The divisors of all windows.</param>
    /// <param name="overlap">An upper limit of the number of windows that contain one element.</param>
    public static (Tier Tier, Tensor64 Input, Tensor64 Cotangent) Draw(
        Spelling spelling, Func<string, Fill> fill, ReadOnlySpan<int> extents, ReadOnlySpan<int> outputs, IReadOnlyCollection<int> divisors,
            int overlap)
    {
        var multiple = divisors.All(Exact.Contains) ? divisors.Aggregate(1, LeastCommonMultiple) : int.MaxValue;
        var most = (long)multiple * Math.Max(Elements * divisors.Append(1).Max(), Cotangents * overlap);
        return spelling.Word("float") || most > ErrorBound.Budget
            ? (Tier.Bounded, fill("input").Uniform(5, extents), fill("cotangent.output").Uniform(3, outputs))
            : (Tier.Exact, Multiples("input", Elements, extents), Multiples("cotangent.output", Cotangents, outputs));

        Tensor64 Multiples(string name, int most, ReadOnlySpan<int> shape) =>
            fill(name).Integers(-most, most, shape).Select(value => value * multiple);
    }

    private static int LeastCommonMultiple(int a, int b)
    {
        var multiple = a;
        while (multiple % b != 0)
            multiple += a;
        return multiple;
    }
}
