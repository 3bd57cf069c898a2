using System.Collections.Concurrent;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Probing;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>
/// Finds the causes of failures and how much the passes prove, by operation. It may put more questions to the engine. Findings are cached, so a
/// second call costs nothing.
/// </summary>
/// <param name="subjects">One engine's kernels, at least one.</param>
public sealed class Examiner(IReadOnlyList<ISubject> subjects)
{
    private readonly ConcurrentDictionary<(string Op, string? Kernel, int Judged), Lazy<IReadOnlyList<Finding>>> _findings = new();

    /// <summary>The known mistakes.</summary>
    public Bank Bank { get; init; } = new();

    /// <summary>The report of a run that came to its end.</summary>
    /// <param name="reports">What the engine answered, refusals not yet weighed.</param>
    /// <param name="elapsed">Asked when all is done.</param>
    public CheckReport Report(IReadOnlyList<CaseReport> reports, string suiteHash, Func<TimeSpan> elapsed, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(elapsed);
        reports = Refusals.Weighed(reports);
        var (findings, reaches) = (new List<Finding>(), new List<Reach>());
        foreach (var subject in subjects)
        {
            foreach (var operation in reports.Where(report => report.Kernel == subject.Kernel).GroupBy(report => report.Question.Case.Op))
            {
                cancel.ThrowIfCancellationRequested();
                CaseReport[] cases = [.. operation];
                findings.AddRange(Find(subject, cases));
                if (cases.Any(report => report.Verdict != Verdict.Unsupported))
                    reaches.Add(Reach.Measure(cases, Bank));
            }
        }
        return new(
            subjects[0].Name, subjects[0].Declares, suiteHash, reports,
            [.. findings.OrderBy(finding => finding.Cause.Rank).ThenByDescending(finding => finding.Cause.Wrong.Count)], reaches, elapsed());
    }

    /// <summary>The causes of one operation's failures, kernel by kernel.</summary>
    /// <param name="operation">Every report of the operation, with refusals decided.</param>
    public IEnumerable<Finding> Find(IReadOnlyList<CaseReport> operation) =>
        subjects.SelectMany(subject => Find(subject, [.. operation.Where(report => report.Kernel == subject.Kernel)]));

    private IReadOnlyList<Finding> Find(ISubject subject, CaseReport[] cases) => !cases.Any(report => report.Verdict.IsBad()) ? []
        : _findings.GetOrAdd((cases[0].Question.Case.Op, subject.Kernel, cases.Length), _ => new(() =>
            [.. Causes(subject, cases).Select(cause => new Finding(cause, Picture(cause, subject)))])).Value;

    private IReadOnlyList<Cause> Causes(ISubject subject, CaseReport[] cases) =>
        [.. StaleSearch.Causes(cases, Bank, subject is IRestartable)
            .Select(cause => Attempt.Find(() => AskedAgain.Explain(cause, subject)) ?? cause)];

    private static TapPicture? Picture(Cause cause, ISubject subject) => Attempt.Find(() => Read(cause, subject));

    private static TapPicture? Read(Cause cause, ISubject subject)
    {
        var first = cause.First;
        return first.Comparison is { First: [var wrong, ..] } tensor && AllOperations.Named(cause.Op) is TapOperation
                && first.Report.Question.Meaning is null // the picture shows PyTorch's taps
            ? Probe.Read(Dialect.FromDeclaration(subject.Declares).Translated(subject), first.Case, tensor.Name, first.Expected.FlatOf(wrong.Index))
            : null;
    }
}
