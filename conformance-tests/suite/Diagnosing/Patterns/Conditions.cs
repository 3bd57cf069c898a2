using Conformance.Suite.Judging;

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

    /// <summary>
    /// How likely it may at most be that so many cases, drawn at random, would all have a property: some forty are tried, and some eight hundred
    /// pairs.
    /// </summary>
    private const double Chance = 0.02, ChanceOfPairs = 0.002;

    /// <summary>The same where it is the only one of the forty.</summary>
    private const double ChanceOfOne = 0.05;

    /// <summary>The part of these that holds for limits and blocks, because there are so many.</summary>
    private const double OfBlocks = 0.1;

    /// <summary>The most properties that one line names, if the cases do not tell them apart.</summary>
    private const int Shown = 3;

    /// <summary>
    /// A sentence such as <c>fails exactly where stride &gt; 1, and passes where stride = 1</c>; null if no property separates the cases.
    /// </summary>
    public static string? Describe(Evidence evidence)
    {
        if (Exact(evidence) is { Count: > 0 } exact)
            return exact.Count == 1
                ? $"fails exactly where {exact[0].Name}, and passes where {exact[0].Otherwise}"
                : $"fails exactly where {string.Join(", or ", exact.Take(Shown).Select(one => one.Name))}: the cases can't tell which";
        if (Both(evidence, ChanceOfPairs) is { } both)
            return $"fails exactly where {both.Name}";
        return Common(evidence).Where(one => !one.Condition.IsOfBlocks).MinBy(one => one.Right) is { } narrowest
            && IsTold(evidence, narrowest.Right, Chance)
            && narrowest.Right <= Math.Min(evidence.Wrong.Count, Telling * evidence.Right.Count)
            ? $"fails only where {narrowest.Condition.Name}, though {narrowest.Right} such "
                + $"{(narrowest.Right == 1 ? "case passes" : "cases pass")}; passes where {narrowest.Condition.Otherwise}"
            : null;
    }

    /// <summary>
    /// What parts the failing cases from those in which a mistake does not show though it should: a property, or two. Null if nothing does, or if it
    /// is about numbers. The mistake itself is evidence here, so that few cases are enough.
    /// </summary>
    public static string? Parting(Evidence evidence) => Exact(evidence) is [var first, ..] ? first.IsOfNumbers ? null : first.Name
        : Both(evidence, ChanceOfOne)?.Name;

    /// <summary>The properties of every failing case that no passing case has. There are several if the cases do not tell them apart.</summary>
    public static IReadOnlyList<Condition> Exact(Evidence evidence)
    {
        var exact = Common(evidence).Where(one => one.Right == 0).Select(one => one.Condition).ToArray();
        var plain = exact.Where(condition => !condition.IsOfBlocks).ToArray();
        if (plain.Length > 0)
            return IsTold(evidence, 0, plain.Length == 1 ? ChanceOfOne : Chance) ? plain : [];
        return IsTold(evidence, 0, OfBlocks * Chance) ? exact : [];
    }

    /// <summary>
    /// Two properties that all failing cases have, and no passing case has both; null if there are none. Limits and blocks are tried last.
    /// </summary>
    private static Condition? Both(Evidence evidence, double chance)
    {
        if (!IsTold(evidence, 0, chance))
            return null;
        var common = Common(evidence).Where(one => !one.Condition.IsOfNumbers).ToLookup(one => one.Condition.IsOfBlocks);
        var mayBeBlocks = IsTold(evidence, 0, chance * OfBlocks);
        Shared[] all = [.. common[false], .. mayBeBlocks ? common[true] : []];
        return (from j in Enumerable.Range(0, all.Length)
                from i in Enumerable.Range(0, j)
                where !all[i].Has.Zip(all[j].Has).Any(pair => pair.First && pair.Second)
                select all[i].Condition.And(all[j].Condition)).FirstOrDefault();
    }

    /// <summary>
    /// Whether a finding that holds in every failing case can be the cause. It can if it holds in all passing cases too, or in all passing cases that
    /// share a property with the failing ones, such as the reduction <c>mean</c>.
    /// </summary>
    public static bool Allow(Evidence evidence, Func<Sight, bool> holds)
    {
        var contradicting = evidence.Right.Where(sight => !holds(sight)).Select(sight => sight.Case).ToArray();
        return contradicting.Length == 0 || Common(evidence).Any(one =>
            one.Condition is { IsOfNumbers: false, IsOfBlocks: false } && !contradicting.Any(one.Condition.Holds));
    }

    /// <summary>Whether there are enough cases on either side that a property of all wrong ones and so many right ones is no accident.</summary>
    private static bool IsTold(Evidence evidence, int right, double chance)
    {
        var (wrong, all, likelihood) = (evidence.Wrong.Count, evidence.Wrong.Count + evidence.Right.Count, 1.0);
        for (var drawn = 0; drawn < wrong; drawn++)
            likelihood *= (wrong + right - drawn) / (double)(all - drawn);
        return likelihood <= chance;
    }

    /// <summary>What every wrong case has, and some right one has not: of one family the strongest.</summary>
    private static Shared[] Common(Evidence evidence) =>
    [
        .. Condition.ForOperation(evidence.Op).Concat(Limits(evidence)).Where(one => evidence.Wrong.All(sight => one.Holds(sight.Case)))
            .DistinctBy(one => one.Family ?? one.Name)
            .Select(one => new Shared(one, [.. evidence.Right.Select(sight => one.Holds(sight.Case))])).Where(one => one.Has.Contains(false)),
    ];

    private static Condition[] Limits(Evidence evidence) => Attempt.Find(() =>
        Condition.AtLeast(evidence.Op, [.. evidence.Wrong.Select(sight => sight.Case)]).ToArray()) ?? [];

    /// <param name="Has">For each passing case, whether it has the property.</param>
    private sealed record Shared(Condition Condition, bool[] Has)
    {
        public int Right { get; } = Has.Count(has => has);
    }
}
