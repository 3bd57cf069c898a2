using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>Compares single elements of an answer with other numbers than the expected one.</summary>
internal static class Elements
{
    /// <summary>The additional roundings of a changed result: a factor or a difference, and its conversion.</summary>
    private const double FewRoundings = 4 * ErrorBound.U;

    /// <summary>
    /// The sights whose numbers can be compared one by one; null if a failing one has no numbers or another number of elements.
    /// </summary>
    public static IReadOnlyList<Sight>? Comparable(this Evidence evidence) =>
        evidence.HasNumbers && evidence.Wrong.All(sight => sight.Actual is { } actual && actual.Length == sight.Expected.Length && actual.Length > 0)
            ? evidence.Wrong
            : null;

    /// <summary>Whether the numbers can be compared in place, which also requires the expected shapes.</summary>
    public static bool InPlace(this Evidence evidence) =>
        evidence.Comparable() is not null && evidence.Wrong.All(sight => sight.Actual!.HasShape(sight.Expected.Shape));

    public static double BoundAt(this Sight sight, int flat) => sight.Bound.At(sight.Comparison!.Name, flat);

    /// <summary>
    /// Whether the answer has <paramref name="value"/> at <paramref name="flat"/>, within the tolerance of the element <paramref name="source"/>.
    /// </summary>
    public static bool Has(this Sight sight, int flat, double value, int source) => Agree(value, sight.Actual![flat], sight.BoundAt(source));

    /// <summary>Whether the element is correct.</summary>
    public static bool IsRight(this Sight sight, int flat) => sight.Has(flat, sight.Expected[flat], flat);

    /// <summary>The flat positions of the wrong elements.</summary>
    public static IEnumerable<int> WrongElements(this Sight sight) => Enumerable.Range(0, sight.Expected.Length).Where(flat => !sight.IsRight(flat));

    /// <summary>
    /// Whether the answer at <paramref name="flat"/> is <paramref name="factor"/> · expected + <paramref name="offset"/>. The element's tolerance
    /// grows with the factor, and the change itself is rounded.
    /// </summary>
    public static bool Is(this Sight sight, int flat, double factor, double offset = 0)
    {
        var scaled = sight.Expected[flat] * factor;
        var slack = sight.BoundAt(flat) * Math.Max(1, Math.Abs(factor))
            + (factor == -1 && offset == 0 ? 0 : FewRoundings * (Math.Abs(scaled) + Math.Abs(offset)));
        return Agree(scaled + offset, sight.Actual![flat], slack);
    }

    /// <summary>Compares as the comparison itself does: non-finite values match by class and sign, finite ones within the bound.</summary>
    public static bool Agree(double want, double got, double bound) => double.IsFinite(want) ? Math.Abs(got - want) <= bound : want.Equals(got);

    /// <summary>Whether there are enough distinct numbers for an arrangement to be no accident.</summary>
    public static bool Tell(IEnumerable<double> values) => values.Distinct().Take(3).Count() == 3;
}
