using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Finds common properties of one tensor's wrong numbers, when no known mistake explains them. Each line holds in every failing case, and no case
/// contradicts it. If nothing holds, there is no line.
/// </summary>
public static class AllPatterns
{
    /// <summary>
    /// The patterns, the most informative first: what the numbers are, where they are wrong, and in which cases. At most one of each.
    /// </summary>
    public static IReadOnlyList<Pattern> Find(Evidence evidence)
    {
        // A batch without images has no numbers that could be wrong. It gives no evidence for either side, except by its shape.
        if (evidence.Kind is not (EvidenceKind.Fault or EvidenceKind.Refusals))
            evidence = evidence with
            {
                Right = [.. evidence.Right.Where(HasNumbers)],
                Wrong = evidence.Wrong.Any(HasNumbers)
                ? [.. evidence.Wrong.Where(HasNumbers)]
                : evidence.Wrong
            };
        var whole = evidence.HasNumbers ? ByReduction(evidence) ?? OfEveryElement(evidence) : First(evidence, Behaviour.Find);
        var what = whole ?? First(evidence, Values.Find);
        var where = whole is null ? First(evidence, Where.Find) : null; // what explains every element explains where it shows
        var when = Attempt.Find(() => evidence.Kind != EvidenceKind.Refusals && Conditions.Describe(evidence) is { } text
            ? new Pattern(text, what?.Class is null ? ClassOf(evidence) : null)
            : null);
        var map = whole is null && what?.Class != MistakeClass.Precision ? First(evidence, Mapping.Find) : null;
        return [.. (map is { CoversEdges: true } ? [map, what, where, when] : new[] { what, map, where, when }).OfType<Pattern>()];
    }

    /// <summary>One that says what each element is, wrong or right; null where none does.</summary>
    public static Pattern? OfEveryElement(Evidence evidence) => First(evidence, Layout.Find, Ratio.Find, Offset.Find, Shift.Find);

    /// <summary>
    /// What each element is, one reduction of a loss at a time, because an engine has lines of its own for each; null where that says no more.
    /// </summary>
    private static Pattern? ByReduction(Evidence evidence)
    {
        var parts = evidence.Wrong.Where(sight => sight.Case.Attributes.Has("reduction")).GroupBy(sight => sight.Case.Attributes.Text("reduction"))
            .Select(part => (Reduction: part.Key, Pattern: OfEveryElement(evidence with { Wrong = [.. part], Right = [] }))).ToArray();
        var told = parts.Select(part => part.Pattern?.Text).Distinct().ToArray();
        return told.Length < 2 || told.Contains(null) || told.Any(text => text!.StartsWith(Ratio.Unexplained, StringComparison.Ordinal)) ? null
            : new(string.Join("; ", parts.Select(part => $"where reduction is {part.Reduction}, {part.Pattern!.Text}")), parts[0].Pattern!.Class);
    }

    /// <summary>The first that finds something. One that throws finds nothing.</summary>
    private static Pattern? First(Evidence evidence, params IEnumerable<Func<Evidence, Pattern?>> patterns) =>
        patterns.Select(find => Attempt.Find(() => find(evidence))).FirstOrDefault(pattern => pattern is not null);

    private static bool HasNumbers(Sight sight) => sight.Case.Inputs.Values.All(input => input.Length > 0);

    /// <summary>The class of mistake that a property alone implies, if it is the only property that separates the cases.</summary>
    private static MistakeClass? ClassOf(Evidence evidence) => Conditions.Exact(evidence) is [var only] ? only.Class : null;
}
