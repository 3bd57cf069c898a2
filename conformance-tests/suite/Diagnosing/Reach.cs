using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>How much an operation's passing cases prove: which known mistakes they would have caught.</summary>
/// <param name="Judged">The number of judged cases, without those that the engine does not offer.</param>
/// <param name="Unseen">The known mistakes that the engine could have undetected.</param>
public sealed record Reach(string Op, int Judged, int Passed, int Known, IReadOnlyList<Defect> Unseen)
{
    private const int Shown = 4;

    public int Caught => Known - Unseen.Count;

    /// <param name="reports">The reports of one operation, for one engine with one kernel.</param>
    public static Reach Measure(IReadOnlyList<CaseReport> reports, Bank bank)
    {
        var op = reports[0].Question.Case.Op;
        CaseReport[] judged = [.. reports.Where(report => report.Verdict != Verdict.Unsupported)
            .OrderBy(report => report.Question.Case.Inputs.Values.Sum(input => input.Length))];
        var claimed = judged.Where(report => report.IsWhole).SelectMany(report => report.Question.Case.Catches).ToHashSet();
        var known = AllOperations.Named(op).Defects;
        return new(op, judged.Length, judged.Count(report => report.Verdict.IsGood()), known.Count,
            [.. known.AsParallel().AsOrdered().Where(defect => !claimed.Contains(defect.Id) && !judged.Any(report => Sees(report, defect, bank)))]);
    }

    /// <summary>
    /// One line: <c>conv2d: 12 of 12 judged cases pass; they would have caught 19 of 62 known mistakes; unseen: stride, groups</c>
    /// </summary>
    public override string ToString()
    {
        var kinds = Unseen.CountBy(defect => defect.Class).OrderByDescending(kind => kind.Value).Select(kind => kind.Key.Title()).ToArray();
        var unseen = kinds.Length <= Shown ? kinds : [.. kinds[..Shown], $"and {kinds.Length - Shown} kinds more"];
        return $"{Op}: {Passed} of {Judged} judged cases pass; they would have caught {Caught} of {Known} known mistakes{(kinds.Length == 0 ? "" : "; unseen: " + string.Join(", ", unseen))}";
    }

    /// <summary>Whether the case would have caught the mistake. A tensor that the engine leaves out catches nothing.</summary>
    private static bool Sees(CaseReport report, Defect defect, Bank bank) => defect is AcceptDefect accept
        ? report.Question.Case.Refused is not null && Attempt.Holds(() => accept.Accepts(report.Question.Case))
        : report.Question.Hashes is null
            && bank.Shows(defect, report.Question) is { } symptoms
            && symptoms.Any(shown => shown.Value.IsClear && (report.IsWhole || report.Tensors.Any(tensor => tensor.Name == shown.Key)));
}
