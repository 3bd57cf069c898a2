using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Diagnosing.Probing;
using Conformance.Suite.Dialects;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting;

/// <summary>A cause of failure, with what the engine reads for a wrong element where it could be asked.</summary>
public sealed record Finding(Cause Cause, TapPicture? Picture);

/// <summary>What came of one engine, with all kernels that were judged: each case, the causes of what failed, and how much the passes mean. Every report is written from it.</summary>
/// <param name="Engine">Its name.</param>
/// <param name="SuiteHash">Of the cases and vectors: runs with the same hash asked the same questions.</param>
/// <param name="Cases">In the order of the questions, kernel by kernel for each.</param>
/// <param name="Reaches">One for each operation and kernel in which something was judged.</param>
/// <param name="Elapsed">From start to verdict.</param>
public sealed record CheckReport(
    string Engine, Declaration Declares, string SuiteHash, IReadOnlyList<CaseReport> Cases, IReadOnlyList<Finding> Findings, IReadOnlyList<Reach> Reaches, TimeSpan Elapsed)
{
    /// <summary>Whether it was ended before all was judged. It has no findings then, and says nothing of what is missing.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Who answered: live torch, stored vectors, the oracle.</summary>
    public string Provider => string.Join(", ", Cases.Select(report => report.Question.Source).Distinct());

    /// <summary>What the gate says, where one was asked for.</summary>
    public Gate? Gate { get; init; }

    /// <summary>Something was judged, and nothing failed. What is unsupported neither passes nor fails.</summary>
    public bool IsGood => !Interrupted && Cases.Any(report => report.Verdict.IsGood()) && !Cases.Any(report => report.Verdict.IsBad());

    /// <summary>What the exit code says: the gate where it decides, else whether the run is good.</summary>
    public bool IsAccepted => Gate is { Decides: true } ? Gate.IsOpen : IsGood;

    /// <summary>Finds the causes of what failed, which may put more questions to the engine.</summary>
    /// <param name="subjects">One engine's kernels, at least one.</param>
    /// <param name="reports">What they answered.</param>
    /// <param name="elapsed">Asked when all is done.</param>
    public static CheckReport Of(IReadOnlyList<ISubject> subjects, IReadOnlyList<CaseReport> reports, string suiteHash, Func<TimeSpan> elapsed, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(elapsed);
        reports = Refusals.Weighed(reports);
        var bank = new Bank();
        var (findings, reaches) = (new List<Finding>(), new List<Reach>());
        foreach (var subject in subjects)
        {
            var own = reports.Where(report => report.Subject == subject.Name && report.Kernel == subject.Kernel).ToArray();
            findings.AddRange(Diagnosis.Of(own, bank).Select(cause => new Finding(cause, Picture(cause, subject))));
            foreach (var operation in own.GroupBy(report => report.Question.Case.Op).Where(group => group.Any(report => report.Verdict != Verdict.Unsupported)))
            {
                cancel.ThrowIfCancellationRequested();
                reaches.Add(Reach.Of([.. operation], bank));
            }
        }
        return new(subjects[0].Name, subjects[0].Declares, suiteHash, reports, findings, reaches, elapsed());
    }

    /// <summary>What came of an engine until the run was ended. Nothing is diagnosed.</summary>
    public static CheckReport UntilInterrupted(IReadOnlyList<ISubject> subjects, IReadOnlyList<CaseReport> reports, string suiteHash, TimeSpan elapsed) =>
        new(subjects[0].Name, subjects[0].Declares, suiteHash, Refusals.Weighed(reports), [], [], elapsed) { Interrupted = true };

    private static TapPicture? Picture(Cause cause, ISubject subject)
    {
        var first = CauseText.First(cause);
        return first.Comparison is { First: [var wrong, ..] } tensor && AllOperations.Named(cause.Op) is TapOperation
                && first.Report.Question.Meaning is null // the picture is of PyTorch's taps
            ? Probe.Of(Dialect.Of(subject.Declares).Translated(subject), first.Case, tensor.Name, first.Expected.FlatOf(wrong.Index))
            : null;
    }
}
