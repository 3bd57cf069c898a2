namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Finds a property of cases that separates failing from passing cases. Every failing case has the property. Either no passing case has it, or the
/// text says how many have it.
/// </summary>
internal static class Conditions
{
    /// <summary>
    /// The least fraction of passing cases that must lack a property which some passing cases have. More cases with it must also fail than pass.
    /// Otherwise the property is not named.
    /// </summary>
    private const double Telling = 0.5;

    /// <summary>A single failing case has many properties. So a weak statement needs two failing cases.</summary>
    private const int Few = 2;

    /// <summary>The most properties that one line names, if the cases do not tell them apart.</summary>
    private const int Shown = 3;

    /// <summary>
    /// A sentence such as <c>fails exactly where stride &gt; 1, and passes where stride = 1</c>; null if no property separates the cases.
    /// </summary>
    public static string? Describe(Evidence evidence)
    {
        var common = Common(evidence);
        if (common.Where(one => one.Right == 0).Select(one => one.Condition).ToArray() is { Length: > 0 } exact)
            return exact.Length == 1
                ? $"fails exactly where {exact[0].Name}, and passes where {exact[0].Otherwise}"
                : $"fails exactly where {string.Join(", or ", exact.Take(Shown).Select(one => one.Name))}: the cases can't tell which";
        if (evidence.Wrong.Count < Few)
            return null;
        for (var i = 0; i < common.Length; i++)
            for (var j = i + 1; j < common.Length; j++)
                if (!common[i].Condition.IsOfNumbers && !common[j].Condition.IsOfNumbers
                    && !common[i].Has.Zip(common[j].Has).Any(pair => pair.First && pair.Second))
                    return $"fails exactly where {common[i].Condition.Name} and {common[j].Condition.Name}";
        return common.MinBy(one => one.Right) is { } narrowest && narrowest.Right <= Math.Min(evidence.Wrong.Count, Telling * evidence.Right.Count)
            ? $"fails only where {narrowest.Condition.Name}, though {narrowest.Right} such {(narrowest.Right == 1 ? "case passes" : "cases pass")}; passes where {narrowest.Condition.Otherwise}"
            : null;
    }

    /// <summary>The properties of every failing case that no passing case has. There are several if the cases do not tell them apart.</summary>
    public static IReadOnlyList<Condition> Exact(Evidence evidence) =>
        [.. Common(evidence).Where(one => one.Right == 0).Select(one => one.Condition)];

    /// <summary>
    /// Whether a finding that holds in every failing case can be the cause. It can if it holds in all passing cases too, or in all passing cases that
    /// share a property with the failing ones, such as the reduction <c>mean</c>.
    /// </summary>
    public static bool Allow(Evidence evidence, Func<Sight, bool> holds)
    {
        var contradicting = evidence.Right.Where(sight => !holds(sight)).Select(sight => sight.Case).ToArray();
        return contradicting.Length == 0 || Common(evidence).Any(one => !one.Condition.IsOfNumbers && !contradicting.Any(one.Condition.Holds));
    }

    /// <summary>The properties of every failing case that some passing case lacks.</summary>
    private static Shared[] Common(Evidence evidence) =>
    [
        .. Condition.ForOperation(evidence.Op).Where(one => evidence.Wrong.All(sight => one.Holds(sight.Case)))
            .Select(one => new Shared(one, [.. evidence.Right.Select(sight => one.Holds(sight.Case))])).Where(one => one.Has.Contains(false)),
    ];

    /// <param name="Has">For each passing case, whether it has the property.</param>
    private sealed record Shared(Condition Condition, bool[] Has)
    {
        public int Right { get; } = Has.Count(has => has);
    }
}
