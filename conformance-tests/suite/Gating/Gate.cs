using System.Text.Json.Serialization;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Gating;

/// <summary>A case under one kernel that stops a merge, and why.</summary>
/// <param name="Was">Its verdict in the earlier run; null without one.</param>
public sealed record GateCase(string Id, string? Kernel, string Verdict, string? Was)
{
    /// <summary>Of a known failure: why it fails, as its entry says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>An entry of the known-failures file that no longer says what is so.</summary>
public sealed record StaleEntry(KnownFailure Entry, string Why);

/// <summary>An operation that takes longer than in the earlier run, over the cases that both have.</summary>
public sealed record Slower(string Op, string? Kernel, double Before, double Now);

/// <summary>
/// The gate before a merge: a run against what is known to fail, and against an earlier run. It lets through what fails as it is known to, and
/// nothing else: no new failure, no entry that has become untrue, nothing that was right and now is not answered at all.
/// </summary>
/// <param name="File">The known-failures file; null where there is none.</param>
/// <param name="Judged">How many cases were judged: a run that judged none proves nothing.</param>
/// <param name="Unknown">Failures that no entry lists.</param>
/// <param name="Known">Failures that one does.</param>
/// <param name="Stale">Entries whose cases all pass now, are not offered, or do not exist.</param>
/// <param name="Lost">What the earlier run passed and this one does not judge: unsupported now, or not asked.</param>
/// <param name="NewlyFailing">What the earlier run passed and now fails.</param>
/// <param name="NewlyPassing">What the earlier run did not pass and now is right.</param>
/// <param name="Slower">What has become slower: told, and no reason to stop, since times differ from run to run.</param>
public sealed record Gate(
    string? File, int Judged, IReadOnlyList<GateCase> Unknown, IReadOnlyList<GateCase> Known, IReadOnlyList<StaleEntry> Stale,
    IReadOnlyList<GateCase> Lost, IReadOnlyList<GateCase> NewlyFailing, IReadOnlyList<GateCase> NewlyPassing,
    IReadOnlyList<Slower> Slower)
{
    /// <summary>An operation has become slower when it takes half as long again, and a tenth of a second more: less is noise.</summary>
    public const double SlowerRatio = 1.5, SlowerMilliseconds = 100;

    /// <summary>
    /// Whether the run is judged by the gate. One that is merely held against known failures or an earlier run is judged as every run is: what fails,
    /// fails.
    /// </summary>
    public bool Decides { get; init; } = true;

    /// <summary>Whether a merge may go through.</summary>
    public bool IsOpen => Judged > 0 && Unknown.Count == 0 && Stale.Count == 0 && Lost.Count == 0;

    /// <param name="known">What may fail; null for nothing.</param>
    /// <param name="earlier">The run to compare with; null for none.</param>
    /// <param name="stored">Every id that exists: an entry for a case that was left out of this run alone is not stale.</param>
    internal static Gate Decide(
        IReadOnlyList<CaseReport> now, KnownFailures? known, IReadOnlyList<EarlierCase> earlier, IReadOnlyCollection<string> stored)
    {
        var entries = known?.Entries ?? [];
        var before = earlier.DistinctBy(one => (one.Id, one.Kernel)).ToDictionary(one => (one.Id, one.Kernel));
        var present = now.Select(Key).ToHashSet();
        var bad = now.Where(one => one.Verdict.IsBad()).ToLookup(one => ReasonOf(one) is not null);
        return new(
            known?.Path, now.Count(one => one.Verdict != Verdict.Unsupported),
            [.. bad[false].Select(With)], [.. bad[true].Select(one => With(one) with { Reason = ReasonOf(one) })], StaleOf(entries, now, stored),
            [.. now.Where(one => one.Verdict == Verdict.Unsupported && WasGood(one)).Select(With),
                .. before.Values.Where(one => one.IsGood && !present.Contains((one.Id, one.Kernel)))
                    .Select(one => new GateCase(one.Id, one.Kernel, "not asked", one.Verdict))],
            [.. now.Where(one => one.Verdict.IsBad() && WasGood(one)).Select(With)],
            [.. now.Where(one => one.Verdict.IsGood() && before.ContainsKey(Key(one)) && !WasGood(one)).Select(With)],
            SlowerOf(now, before));

        string? ReasonOf(CaseReport one) => entries.FirstOrDefault(entry => entry.Matches(one.Question.Case.Id, one.Kernel))?.Reason;
        bool WasGood(CaseReport one) => before.TryGetValue(Key(one), out var was) && was.IsGood;
        GateCase With(CaseReport one) => new(one.Question.Case.Id, one.Kernel, one.Verdict.Text(), before.GetValueOrDefault(Key(one))?.Verdict);
    }

    private static IReadOnlyList<StaleEntry> StaleOf(
        IReadOnlyList<KnownFailure> entries, IReadOnlyList<CaseReport> now, IReadOnlyCollection<string> stored)
    {
        return [.. entries.Select(entry => new StaleEntry(entry, Why(entry))).Where(entry => entry.Why.Length > 0)];

        string Why(KnownFailure entry)
        {
            var matched = now.Where(one => entry.Matches(one.Question.Case.Id, one.Kernel)).ToArray();
            if (matched.Length == 0)
                return entry.Kernel is { } kernel ? $"no such case was judged with kernel {kernel}"
                    : stored.Any(entry.MatchesId) ? "" : "no such case";
            return matched.Any(one => one.Verdict.IsBad()) ? ""
                : matched.All(one => one.Verdict == Verdict.Unsupported) ? "it is unsupported now"
                : matched.Length == 1 ? "it passes now" : $"all {matched.Length} cases pass now";
        }
    }

    private static IReadOnlyList<Slower> SlowerOf(IReadOnlyList<CaseReport> now, Dictionary<(string, string?), EarlierCase> before) =>
        [.. now.Where(one => one.Verdict.IsGood() && before.TryGetValue(Key(one), out var was) && was.IsGood)
            .GroupBy(one => (one.Question.Case.Op, one.Kernel))
            .Select(group => new Slower(
                group.Key.Op, group.Key.Kernel, group.Sum(one => before[Key(one)].Milliseconds),
                group.Sum(one => Math.Round(one.Milliseconds, EarlierCase.Decimals))))
            .Where(one => one.Now > SlowerRatio * one.Before && one.Now - one.Before > SlowerMilliseconds)];

    private static (string, string?) Key(CaseReport one) => (one.Question.Case.Id, one.Kernel);
}
