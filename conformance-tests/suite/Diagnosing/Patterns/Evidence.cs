using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>The subject of a piece of evidence.</summary>
public enum EvidenceKind
{
    /// <summary>The numbers of a tensor.</summary>
    Numbers,

    /// <summary>A fault instead of numbers: the engine threw, died or was silent.</summary>
    Fault,

    /// <summary>The engine's arguments. Wrong means that the engine wrote to them.</summary>
    Arguments,

    /// <summary>The same question asked again. Wrong means that the answer was another.</summary>
    Repetition,

    /// <summary>Cases that must be refused. Wrong means that the engine answered with numbers.</summary>
    Refusals,
}

/// <summary>
/// The evidence about one tensor of one operation: the failing cases and the passing cases. Both count, because a mistake that explains the failures
/// must also be invisible in the passing cases.
/// </summary>
/// <param name="Kind">The subject of the evidence.</param>
/// <param name="Tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …; empty if the evidence is not about a tensor's numbers.</param>
/// <param name="Wrong">The failing cases; never empty.</param>
public sealed record Evidence(string Op, EvidenceKind Kind, string Tensor, IReadOnlyList<Sight> Wrong, IReadOnlyList<Sight> Right)
{
    /// <summary>Whether the evidence is about a tensor's numbers.</summary>
    public bool HasNumbers => Kind == EvidenceKind.Numbers;

    /// <summary>The subject in one word: the tensor, the fault or the kind.</summary>
    public string About => HasNumbers ? Tensor : Fault?.ToString() ?? Kind.ToString().ToLowerInvariant();

    /// <summary>The fault that came instead of numbers; null if the evidence is about something else.</summary>
    public Fault? Fault => Wrong[0].Report.Fault;

    /// <summary>
    /// Collects the evidence from one engine's reports (with one kernel), by operation and tensor, in the order of the reports. Unsupported cases
    /// give no evidence.
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

        // In a case that must be refused, an engine may throw. A case that was not asked gives no evidence.
        Evidence Faulty(IGrouping<Fault, CaseReport> group) => new(
            operation.Key, EvidenceKind.Fault, "", [.. group.Select(Without)],
            [.. (group.Key is Judging.Fault.Threw or Judging.Fault.Refused ? answers : operation.AsEnumerable())
                .Where(report => !report.Verdict.IsBad() || (report.Fault != group.Key && report.Fault != Judging.Fault.NotAsked)).Select(Without)]);

        static Sight Without(CaseReport report) => new(report, null);
    }
}
