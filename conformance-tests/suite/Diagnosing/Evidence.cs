using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>One tensor of one judged case.</summary>
/// <param name="Comparison">How it compares; null where the engine gave no numbers to compare (it threw, or it accepted what must be refused).</param>
public sealed record Sight(CaseReport Report, TensorComparison? Comparison)
{
    public LayerCase Case => Report.Question.Case;

    public ErrorBound Bound => Report.Question.Bound;

    /// <summary>The right tensor. Not to be asked for where <see cref="Comparison"/> is null.</summary>
    public Tensor64 Expected => Named(Report.Question.Expected)!;

    /// <summary>What the engine answered: kept where the case failed and the tensor was there; else null.</summary>
    public Tensor64? Actual => Report.Reply is null ? null : Named(Report.Reply);

    private Tensor64? Named(LayerResult result) => result.Tensors.FirstOrDefault(pair => pair.Key == Comparison!.Name).Value;
}

/// <summary>
/// What an engine showed of one tensor of one operation: the cases in which it is wrong, and those in which it is right. Both count: a mistake that explains the
/// failures must also be one that the passing cases can't see.
/// </summary>
/// <param name="Tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …; or one of the constants here or the name of a <see cref="Judging.Fault"/>, for what is not a tensor's numbers.</param>
/// <param name="Wrong">Never empty.</param>
public sealed record Evidence(string Op, string Tensor, IReadOnlyList<Sight> Wrong, IReadOnlyList<Sight> Right)
{
    /// <summary>Wrong where the engine wrote to its arguments.</summary>
    public const string Arguments = "arguments";

    /// <summary>Wrong where the same question again got another answer.</summary>
    public const string Repetition = "repetition";

    /// <summary>Wrong where the engine answered with numbers what must be refused.</summary>
    public const string Refusals = "refusals";

    /// <summary>Whether it is about a tensor's numbers.</summary>
    public bool HasNumbers => Tensor.Contains('.', StringComparison.Ordinal);

    /// <summary>What came in place of numbers, where it is about that.</summary>
    public Fault? Fault => Wrong[0].Report.Fault;

    /// <summary>What is wrong in one engine's reports (with one kernel), by operation and tensor, in the order of the reports. What is unsupported is no evidence.</summary>
    public static IReadOnlyList<Evidence> Of(IEnumerable<CaseReport> reports) =>
        [.. reports.Where(report => report.Verdict != Verdict.Unsupported).GroupBy(report => report.Question.Case.Op).SelectMany(OfOperation)];

    private static IEnumerable<Evidence> OfOperation(IGrouping<string, CaseReport> operation)
    {
        var refusals = operation.Where(report => report.Question.Case.Refused is not null).ToArray();
        var answers = operation.Where(report => report.Question.Case.Refused is null).ToArray();
        var groups = answers.SelectMany(report => report.Tensors.Select(tensor => (Name: tensor.Name, Wrong: !tensor.Passes, Sight: new Sight(report, tensor))))
            .GroupBy(one => one.Name)
            .Select(group => new Evidence(operation.Key, group.Key, [.. group.Where(one => one.Wrong).Select(one => one.Sight)], [.. group.Where(one => !one.Wrong).Select(one => one.Sight)]))
            .Concat(operation.Where(report => report.Verdict.IsBad() && report.Fault is not null).GroupBy(report => report.Fault!.Value).OrderBy(group => group.Key).Select(Faulty))
            .Append(Behaviour(Arguments, [.. operation.Where(report => report.Question.Case.Refused is null || report.ChangedArgument)], report => report.ChangedArgument))
            .Append(Behaviour(Repetition, answers, report => report.Verdict == Verdict.Fail && report.Message is not null && report.Tensors.Count > 0))
            .Append(Behaviour(Refusals, [.. refusals.Where(report => report.Fault is null || report.Verdict.IsGood())], report => report.Fault is null && !report.ChangedArgument));
        return groups.Where(group => group.Wrong.Count > 0);

        Evidence Behaviour(string name, CaseReport[] reports, Func<CaseReport, bool> isWrong) => new(
            operation.Key, name, [.. reports.Where(isWrong).Select(Without)], [.. reports.Where(report => !isWrong(report)).Select(Without)]);

        // Who refuses what must be refused may throw there; and of what was not asked nothing was seen.
        Evidence Faulty(IGrouping<Fault, CaseReport> group) => new(
            operation.Key, group.Key.ToString(), [.. group.Select(Without)],
            [.. (group.Key is Judging.Fault.Threw or Judging.Fault.Refused ? answers : operation.AsEnumerable())
                .Where(report => !report.Verdict.IsBad() || (report.Fault != group.Key && report.Fault != Judging.Fault.NotAsked)).Select(Without)]);

        static Sight Without(CaseReport report) => new(report, null);
    }
}
