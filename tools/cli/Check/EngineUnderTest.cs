using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;
using Conformance.Suite.Running;

namespace Conformance.Cli.Check;

/// <summary>What came of one engine.</summary>
/// <param name="Shrunk">The smallest cases that random failures shrink to; empty where none were asked for.</param>
internal sealed record Checked(CheckReport Report, IReadOnlyList<CaseReport> Shrunk);

/// <summary>One engine under judgement, with each of its kernels.</summary>
/// <param name="Jobs">How many questions it can be asked at a time.</param>
internal sealed record EngineUnderTest(string Name, IReadOnlyList<ISubject> Subjects, int Jobs) : IDisposable
{
    /// <summary>What a person should know of it that is no verdict, one line each. Complete once it is disposed of.</summary>
    public IEnumerable<string> Notes => Subjects.OfType<ProcessSubject>().SelectMany(subject => subject.Notes);

    public static EngineUnderTest FromProcess(ProcessSubject subject) => new(subject.Name, [subject], subject.Jobs);

    /// <summary>Judges the engine. Ctrl-C keeps what was judged until then.</summary>
    /// <param name="shrink">Whether failures are made as small as they go.</param>
    /// <param name="keep">Told what was judged, before anything is made of it.</param>
    public Checked Check(
        CheckPlan plan, bool shrink, GateTerms? gate, Action<CheckReport> keep, Terminal terminal, CancellationToken cancel)
    {
        var (run, progress) = (new EngineRun(Subjects, plan.Asked, plan.Elapsed) { Order = plan.Order(Subjects.Count) }, new Progress(terminal));
        try
        {
            run.JudgeAll(Jobs, count => progress.Live($"{count} of {run.Cases.Count}"), cancel);
            progress.Clear();
            keep(plan.Told(run.ReportUntilNow(plan.SuiteHash)));
            var shrunk = shrink ? run.Shrink(cancel) : [];
            return new(plan.Told(run.Report(plan.SuiteHash, gate, cancel)), shrunk);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new(plan.Told(run.ReportUntilNow(plan.SuiteHash)), []);
        }
    }

    public void Dispose()
    {
        foreach (var subject in Subjects.OfType<IDisposable>())
            subject.Dispose();
    }
}

/// <summary>What every engine of a check is asked.</summary>
/// <param name="Asked">The questions, which are answered in the background.</param>
/// <param name="Elapsed">The time since the command began.</param>
internal sealed record CheckPlan(IReadOnlyList<RunQuestion> Asked, string SuiteHash, Func<TimeSpan> Elapsed)
{
    /// <summary>Whose the answers are; null for the suite's own.</summary>
    public string? Fixtures { get; init; }

    /// <summary>The seed of a strict check; null for one that is not.</summary>
    public ulong? Strict { get; init; }

    /// <summary>The ids of geometries that were drawn for this check alone.</summary>
    public IReadOnlySet<string> Drawn { get; init; } = new HashSet<string>();

    /// <summary>The order in which an engine of so many kernels is asked: shuffled in a strict check, else null for the questions' own.</summary>
    public IReadOnlyList<int>? Order(int kernels) => Strict is not { } seed ? null
        : [.. Enumerable.Range(0, Asked.Count * kernels)
            .OrderBy(place => new Fill(seed, Asked[place / kernels].Id, $"turn {place % kernels}").Next())];

    /// <summary>A report that says how the check asked.</summary>
    public CheckReport Told(CheckReport report) => report with { Fixtures = Fixtures, Strict = Strict, Drawn = Drawn };
}
