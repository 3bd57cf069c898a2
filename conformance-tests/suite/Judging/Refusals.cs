namespace Conformance.Suite.Judging;

/// <summary>
/// What a refusal is worth. An engine that refuses, or throws at, all that it is asked refuses also what must be refused: that proves nothing. So a
/// refusal passes only where the engine gave numbers for another case of the operation. Where no case was asked that has numbers, nothing speaks
/// against it.
/// </summary>
internal static class Refusals
{
    /// <summary>The reports of one run, each refusal weighed.</summary>
    public static IReadOnlyList<CaseReport> Weighed(IReadOnlyList<CaseReport> reports)
    {
        var operations = reports.ToLookup(report => (report.Question.Case.Op, report.Subject, report.Kernel));
        return [.. reports.Select(report => Weighed(report, operations[(report.Question.Case.Op, report.Subject, report.Kernel)]))];
    }

    /// <param name="operation">The operation's cases with the same kernel; read no further than to the first that has numbers.</param>
    public static CaseReport Weighed(CaseReport report, IEnumerable<CaseReport> operation)
    {
        if (report.Question.Case.Refused is null || report.Verdict != Verdict.Pass)
            return report;
        var (asked, offered) = (false, false);
        foreach (var other in operation.Where(other => other.Question.Case.Refused is null))
        {
            if (other.Tensors.Count > 0 || other.ChangedArgument is not null || other.Fault == Fault.Unreadable)
                return report;
            (asked, offered) = (true, offered || other.Verdict != Verdict.Unsupported);
        }
        if (!asked)
            return report;
        var complaint = new Complaint(
            $"a refusal proves nothing of an engine that gives numbers in no case of {report.Question.Case.Op}", report.Message ?? "");
        return report with { Verdict = offered ? Verdict.Error : Verdict.Unsupported, Message = complaint.ToString(), Complaint = complaint };
    }
}
