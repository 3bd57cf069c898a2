using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>What evidence is about.</summary>
public enum EvidenceKind
{
    /// <summary>The numbers of a tensor.</summary>
    Numbers,

    /// <summary>What came in place of numbers: the engine threw, died or was silent.</summary>
    Fault,

    /// <summary>The engine's arguments: wrong where it wrote to them.</summary>
    Arguments,

    /// <summary>The same question again: wrong where it got another answer.</summary>
    Repetition,

    /// <summary>What must be refused: wrong where the engine answered with numbers.</summary>
    Refusals,
}

/// <summary>
/// What an engine showed of one tensor of one operation: the cases in which it is wrong, and those in which it is right. Both count: a mistake that
/// explains the failures must also be one that the passing cases can't see.
/// </summary>
/// <param name="Kind">What the evidence is about.</param>
/// <param name="Tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …; empty where it is about no tensor's numbers.</param>
/// <param name="Wrong">Never empty.</param>
public sealed record Evidence(string Op, EvidenceKind Kind, string Tensor, IReadOnlyList<Sight> Wrong, IReadOnlyList<Sight> Right)
{
    /// <summary>Whether it is about a tensor's numbers.</summary>
    public bool HasNumbers => Kind == EvidenceKind.Numbers;

    /// <summary>What it is about in one word: the tensor, the fault or the kind.</summary>
    public string About => HasNumbers ? Tensor : Fault?.ToString() ?? Kind.ToString().ToLowerInvariant();

    /// <summary>What came in place of numbers, where it is about that.</summary>
    public Fault? Fault => Wrong[0].Report.Fault;

    /// <summary>
    /// What is wrong in one engine's reports (with one kernel), by operation and tensor, in the order of the reports. What is unsupported is no
    /// evidence.
    /// </summary>
    public static IReadOnlyList<Evidence> Collect(IEnumerable<CaseReport> reports) =>
        [.. reports.Where(report => report.Verdict != Verdict.Unsupported).GroupBy(report => report.Question.Case.Op).SelectMany(OfOperation)];

    private static IEnumerable<Evidence> OfOperation(IGrouping<string, CaseReport> operation)
    {
        var refusals = operation.Where(report => report.Question.Case.Refused is not null).ToArray();
        var answers = operation.Where(report => report.Question.Case.Refused is null).ToArray();
        var groups = answers.SelectMany(
            report => report.Tensors.Select(tensor => (Name: tensor.Name, Wrong: !tensor.Passes, Sight: new Sight(report, tensor))))
            .GroupBy(one => one.Name)
            .Select(group =>
                new Evidence(
                operation.Key, EvidenceKind.Numbers, group.Key, [.. group.Where(one => one.Wrong).Select(one => one.Sight)],
                [.. group.Where(one => !one.Wrong).Select(one => one.Sight)]))
            .Concat(operation.Where(report => report.Verdict.IsBad() && report.Fault is not null).GroupBy(report => report.Fault!.Value)
                .OrderBy(group => group.Key).Select(Faulty))
            .Append(Behaviour(
                EvidenceKind.Arguments, [.. operation.Where(report => report.Question.Case.Refused is null || report.ChangedArgument is not null)],
                report => report.ChangedArgument is not null))
            .Append(Behaviour(EvidenceKind.Repetition, answers, report => report.Verdict == Verdict.Fail && report.Difference is not null))
            .Append(Behaviour(
                EvidenceKind.Refusals, [.. refusals.Where(report => report.Fault is null || report.Verdict.IsGood())], report =>
                report.Fault is null && report.ChangedArgument is null));
        return groups.Where(group => group.Wrong.Count > 0);

        Evidence Behaviour(EvidenceKind kind, CaseReport[] reports, Func<CaseReport, bool> isWrong) => new(
            operation.Key, kind, "", [.. reports.Where(isWrong).Select(Without)], [.. reports.Where(report => !isWrong(report)).Select(Without)]);

        // Who refuses what must be refused may throw there; and of what was not asked nothing was seen.
        Evidence Faulty(IGrouping<Fault, CaseReport> group) => new(
            operation.Key, EvidenceKind.Fault, "", [.. group.Select(Without)],
            [.. (group.Key is Judging.Fault.Threw or Judging.Fault.Refused ? answers : operation.AsEnumerable())
                .Where(report => !report.Verdict.IsBad() || (report.Fault != group.Key && report.Fault != Judging.Fault.NotAsked)).Select(Without)]);

        static Sight Without(CaseReport report) => new(report, null);
    }
}
