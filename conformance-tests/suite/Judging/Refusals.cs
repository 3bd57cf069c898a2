namespace Conformance.Suite.Judging;

/// <summary>
/// Decides whether a refusal passes. An engine that refuses every question, or throws at every question, also refuses the cases that must be refused,
/// which proves nothing. So a refusal passes only if the engine gave numbers for another case of the operation. If no case with numbers was asked,
/// the refusal passes.
/// </summary>
internal static class Refusals
{
    /// <summary>The reports of one run, with each refusal decided.</summary>
    public static IReadOnlyList<CaseReport> Weighed(IReadOnlyList<CaseReport> reports)
    {
        var operations = reports.ToLookup(report => (report.Question.Case.Op, report.Subject, report.Kernel));
        return [.. reports.Select(report => Weighed(report, operations[(report.Question.Case.Op, report.Subject, report.Kernel)]))];
    }

    /// <param name="operation">The operation's cases with the same kernel. They are read up to the first one with numbers.</param>
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
