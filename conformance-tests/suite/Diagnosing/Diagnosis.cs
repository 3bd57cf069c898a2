using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// What is wrong with an engine, each cause once; the one to mend first comes first. A diagnosis that fails is a cause too, which says so: it never
/// throws.
/// </summary>
public static class Diagnosis
{
    /// <param name="reports">One engine's, with one kernel.</param>
    public static IReadOnlyList<Cause> Diagnose(IEnumerable<CaseReport> reports, Bank bank) =>
        [.. reports.Where(report => report.Verdict != Verdict.Unsupported).GroupBy(report => report.Question.Case.Op)
            .Where(operation => operation.Any(report => !report.Verdict.IsGood())).SelectMany(operation => OfOperation([.. operation], bank))];

    private static IEnumerable<Cause> OfOperation(IReadOnlyList<CaseReport> reports, Bank bank)
    {
        try
        {
            var upright = new Upright(reports, bank);
            return [.. upright.Own(new CauseSearch(upright.Reports, bank).Find()).OrderBy(cause => cause.Rank)
                .ThenByDescending(cause => cause.Wrong.Count)];
        }
#pragma warning disable CA1031 // a fault of the diagnosis is no reason to lose the verdicts
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return [new Cause(Evidence.Collect(reports), []) { Trouble = $"{fault.GetType().Name}: {fault.Message}" }];
        }
    }
}
