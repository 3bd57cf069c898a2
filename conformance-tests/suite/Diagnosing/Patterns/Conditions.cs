namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Which property of a case parts those that are wrong from those that are right. Nothing is said that a single case contradicts: either every wrong
/// case has the property and no right one, or every wrong one has it and it is said how many right ones have it too.
/// </summary>
internal static class Conditions
{
    /// <summary>
    /// What may stand beside one that some right cases have too: it must leave out at least half of them, and more of its cases must fail than pass.
    /// </summary>
    private const double Telling = 0.5;

    /// <summary>
    /// How likely it may at most be that so many cases, drawn at random, would all have a property: some forty are tried, and some eight hundred
    /// pairs.
    /// </summary>
    private const double Chance = 0.02, ChanceOfPairs = 0.002;

    /// <summary>The same where it is the only one of the forty.</summary>
    private const double ChanceOfOne = 0.05;

    /// <summary>As many properties as a line names where the cases can't tell which of them it is.</summary>
    private const int Shown = 3;

    /// <summary>
    /// A sentence such as <c>fails exactly where stride &gt; 1, and passes where stride = 1</c>; null where no property parts the cases.
    /// </summary>
    public static string? Describe(Evidence evidence)
    {
        var common = Common(evidence);
        if (Exact(evidence) is { Count: > 0 } exact)
            return exact.Count == 1
                ? $"fails exactly where {exact[0].Name}, and passes where {exact[0].Otherwise}"
                : $"fails exactly where {string.Join(", or ", exact.Take(Shown).Select(one => one.Name))}: the cases can't tell which";
        for (var i = 0; i < common.Length && IsTold(evidence, 0, ChanceOfPairs); i++)
            for (var j = i + 1; j < common.Length; j++)
                if (!common[i].Condition.IsOfNumbers && !common[j].Condition.IsOfNumbers
                    && !common[i].Has.Zip(common[j].Has).Any(pair => pair.First && pair.Second))
                    return $"fails exactly where {common[i].Condition.Name} and {common[j].Condition.Name}";
        return common.MinBy(one => one.Right) is { } narrowest && IsTold(evidence, narrowest.Right, Chance)
            && narrowest.Right <= Math.Min(evidence.Wrong.Count, Telling * evidence.Right.Count)
            ? $"fails only where {narrowest.Condition.Name}, though {narrowest.Right} such {(narrowest.Right == 1 ? "case passes" : "cases pass")}; passes where {narrowest.Condition.Otherwise}"
            : null;
    }

    /// <summary>The properties that every wrong case has and no right one: several where the cases can't tell them apart.</summary>
    public static IReadOnlyList<Condition> Exact(Evidence evidence) =>
        Common(evidence).Where(one => one.Right == 0).Select(one => one.Condition).ToArray() is var exact
        && IsTold(evidence, 0, exact.Length == 1 ? ChanceOfOne : Chance)
            ? exact
            : [];

    /// <summary>
    /// Whether what holds in every wrong case may hold there for a reason: it holds in all right cases too, or in all those that share some property
    /// with the wrong ones, such as that their reduction is the mean.
    /// </summary>
    public static bool Allow(Evidence evidence, Func<Sight, bool> holds)
    {
        var contradicting = evidence.Right.Where(sight => !holds(sight)).Select(sight => sight.Case).ToArray();
        return contradicting.Length == 0 || Common(evidence).Any(one => !one.Condition.IsOfNumbers && !contradicting.Any(one.Condition.Holds));
    }

    /// <summary>Whether there are enough cases on either side that a property of all wrong ones and so many right ones is no accident.</summary>
    private static bool IsTold(Evidence evidence, int right, double chance)
    {
        var (wrong, all, likelihood) = (evidence.Wrong.Count, evidence.Wrong.Count + evidence.Right.Count, 1.0);
        for (var drawn = 0; drawn < wrong; drawn++)
            likelihood *= (wrong + right - drawn) / (double)(all - drawn);
        return likelihood <= chance;
    }

    /// <summary>What every wrong case has, and some right one has not.</summary>
    private static Shared[] Common(Evidence evidence) =>
    [
        .. Condition.ForOperation(evidence.Op).Where(one => evidence.Wrong.All(sight => one.Holds(sight.Case)))
            .Select(one => new Shared(one, [.. evidence.Right.Select(sight => one.Holds(sight.Case))])).Where(one => one.Has.Contains(false)),
    ];

    /// <param name="Has">Which of the right cases have it too.</param>
    private sealed record Shared(Condition Condition, bool[] Has)
    {
        public int Right { get; } = Has.Count(has => has);
    }
}
