using System.Text.Json.Serialization;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Gating;

/// <summary>A case with one kernel that stops a merge.</summary>
/// <param name="Was">Its verdict in the earlier run; null without one.</param>
public sealed record GateCase(string Id, string? Kernel, string Verdict, string? Was)
{
    /// <summary>The reason of the known failure, from its entry; null for other cases.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>An entry of the known-failures file that is no longer true.</summary>
public sealed record StaleEntry(KnownFailure Entry, string Why);

/// <summary>An operation that is slower than in the earlier run, over the cases of both runs.</summary>
public sealed record Slower(string Op, string? Kernel, double Before, double Now);

/// <summary>
/// The gate before a merge compares a run with the known failures and with an earlier run. It is closed by a failure that is not known, by an entry
/// that is no longer true, and by a case that passed earlier and is not answered now.
/// </summary>
/// <param name="File">The known-failures file; null if there is none.</param>
/// <param name="Judged">The number of judged cases. A run without any proves nothing.</param>
/// <param name="Unknown">Failures without an entry.</param>
/// <param name="Known">Failures with an entry.</param>
/// <param name="Stale">Entries whose cases all pass now, are not offered, or do not exist.</param>
/// <param name="Lost">Cases that the earlier run passed and this run does not judge: they are unsupported now, or not asked.</param>
/// <param name="NewlyFailing">Cases that the earlier run passed and that fail now.</param>
/// <param name="NewlyPassing">Cases that the earlier run did not pass and that pass now.</param>
/// <param name="Slower">Operations that are slower. They are reported but do not close the gate, because times vary from run to run.</param>
public sealed record Gate(
    string? File, int Judged, IReadOnlyList<GateCase> Unknown, IReadOnlyList<GateCase> Known, IReadOnlyList<StaleEntry> Stale,
    IReadOnlyList<GateCase> Lost, IReadOnlyList<GateCase> NewlyFailing, IReadOnlyList<GateCase> NewlyPassing,
    IReadOnlyList<Slower> Slower)
{
    /// <summary>The limits above which an operation counts as slower: 1.5 times as long, and 100 ms more. Less is noise.</summary>
    public const double SlowerRatio = 1.5, SlowerMilliseconds = 100;

    /// <summary>
    /// Whether the gate decides the result of the run. If it does not, the run is only compared, and its result depends on its failures as usual.
    /// </summary>
    public bool Decides { get; init; } = true;

    /// <summary>Whether a merge may go through.</summary>
    public bool IsOpen => Judged > 0 && Unknown.Count == 0 && Stale.Count == 0 && Lost.Count == 0;

    /// <param name="known">The known failures; null for none.</param>
    /// <param name="earlier">The earlier run; null for none.</param>
    /// <param name="stored">Every id that exists. An entry for a case that only this run left out is not stale.</param>
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
