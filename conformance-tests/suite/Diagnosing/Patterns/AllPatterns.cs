using Conformance.Oracle;

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
        var whole = evidence.HasNumbers
            ? Layout.Find(evidence) ?? Ratio.Find(evidence) ?? Offset.Find(evidence) ?? Shift.Find(evidence)
            : Behaviour.Find(evidence);
        var what = whole ?? Values.Find(evidence);
        var where = whole is null ? Where.Find(evidence) : null; // an explanation of every element explains their place too
        var when = evidence.Kind != EvidenceKind.Refusals && Conditions.Describe(evidence) is { } text
            ? new Pattern(text, what?.Class is null ? ClassOf(evidence) : null)
            : null;
        return [.. new[] { what, where, when }.OfType<Pattern>()];
    }

    private static bool HasNumbers(Sight sight) => sight.Case.Inputs.Values.All(input => input.Length > 0);

    /// <summary>The class of mistake that a property alone implies, if it is the only property that separates the cases.</summary>
    private static MistakeClass? ClassOf(Evidence evidence) => Conditions.Exact(evidence) is [var only] ? only.Class : null;
}
