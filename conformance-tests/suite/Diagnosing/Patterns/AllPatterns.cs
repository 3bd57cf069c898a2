using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// What the wrong numbers of one tensor have in common, where no known mistake explains them. Each line holds in every wrong case and no case
/// contradicts it; where nothing holds nothing is said.
/// </summary>
public static class AllPatterns
{
    /// <summary>The most telling first: what the numbers are, where they are wrong, and in which cases. At most one of each.</summary>
    public static IReadOnlyList<Pattern> Find(Evidence evidence)
    {
        // A batch of no images has no numbers that could be wrong, and so says nothing of what is right, nor of what is wrong but by its shape.
        if (evidence.Kind is not (EvidenceKind.Fault or EvidenceKind.Refusals))
            evidence = evidence with
            {
                Right = [.. evidence.Right.Where(HasNumbers)],
                Wrong = evidence.Wrong.Any(HasNumbers)
                ? [.. evidence.Wrong.Where(HasNumbers)]
                : evidence.Wrong
            };
        var whole = evidence.HasNumbers ? OfEveryElement(evidence) : First(evidence, Behaviour.Find);
        var what = whole ?? First(evidence, Values.Find);
        var where = whole is null ? First(evidence, Where.Find) : null; // what explains every element explains where it shows
        var when = Attempt.Find(() => evidence.Kind != EvidenceKind.Refusals && Conditions.Describe(evidence) is { } text
            ? new Pattern(text, what?.Class is null ? ClassOf(evidence) : null)
            : null);
        var map = whole is null ? First(evidence, Mapping.Find) : null;
        return [.. (map is { CoversEdges: true } ? [map, what, where, when] : new[] { what, map, where, when }).OfType<Pattern>()];
    }

    /// <summary>One that says what each element is, wrong or right; null where none does.</summary>
    public static Pattern? OfEveryElement(Evidence evidence) => First(evidence, Layout.Find, Ratio.Find, Offset.Find, Shift.Find);

    /// <summary>The first that finds something. One that throws finds nothing.</summary>
    private static Pattern? First(Evidence evidence, params IEnumerable<Func<Evidence, Pattern?>> patterns) =>
        patterns.Select(find => Attempt.Find(() => find(evidence))).FirstOrDefault(pattern => pattern is not null);

    private static bool HasNumbers(Sight sight) => sight.Case.Inputs.Values.All(input => input.Length > 0);

    /// <summary>The kind of mistake that a property alone implies: only where it is the one that parts the cases.</summary>
    private static MistakeClass? ClassOf(Evidence evidence) => Conditions.Exact(evidence) is [var only] ? only.Class : null;
}
