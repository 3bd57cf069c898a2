using Conformance.Cli.Shared;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting;

namespace Conformance.Cli.Check;

/// <summary>What came of one engine.</summary>
/// <param name="Name">What it calls itself; two engines may have the same.</param>
/// <param name="Shrunk">The smallest cases that random failures shrink to; empty where none were asked for.</param>
internal sealed record Judged(string Name, CheckReport Report, IReadOnlyList<CaseReport> Shrunk);

/// <summary>
/// Puts all questions to an engine, in threads of its own: an engine that is waited for takes none from the pool that kernels compute on. Ctrl-C leaves what is still being
/// computed or waited for, and keeps what was judged until then.
/// </summary>
/// <param name="questions">Answered while the engine works on those before; one that can't be read has no result.</param>
internal sealed class Judging(IReadOnlyList<Task<Question?>> questions, string suiteHash, Func<TimeSpan> elapsed, Terminal terminal, CancellationToken cancel)
{
    /// <param name="shrink">Whether failures are made as small as they go.</param>
    public Judged Of(EngineUnderTest engine, bool shrink)
    {
        var reports = new CaseReport?[questions.Count * engine.Subjects.Count];
        try
        {
            Wait(Judge(engine, reports));
            CaseReport[] all = [.. reports.OfType<CaseReport>()];
            IReadOnlyList<CaseReport> shrunk = shrink ? Wait(Task.Run(() => ShrunkCases.Of(all, engine.Subjects, cancel))) : [];
            return new(engine.Name, Wait(Task.Run(() => CheckReport.Of(engine.Subjects, all, suiteHash, elapsed, cancel))), shrunk);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new(engine.Name, CheckReport.UntilInterrupted(engine.Subjects, [.. reports.ToArray().OfType<CaseReport>()], suiteHash, elapsed()), []);
        }
    }

    private async Task<bool> Judge(EngineUnderTest engine, CaseReport?[] reports)
    {
        var (next, done, progress) = (-1, 0, new Progress(terminal));
        await Task.WhenAll(Enumerable.Range(0, engine.Jobs).Select(_ => Task.Factory.StartNew(Loop, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        lock (progress)
            progress.Clear();
        return true;

        void Loop()
        {
            while (Interlocked.Increment(ref next) is var i && i < reports.Length)
            {
                if (questions[i / engine.Subjects.Count].GetAwaiter().GetResult() is not { } question)
                    continue;
                var report = Suite.Judging.Judge.Run(engine.Subjects[i % engine.Subjects.Count], question);
                if (cancel.IsCancellationRequested)
                    return; // a wait that Ctrl-C ended is no verdict
                reports[i] = report;
                var count = Interlocked.Increment(ref done);
                lock (progress)
                    progress.Live($"{count} of {reports.Length}");
            }
        }
    }

    private T Wait<T>(Task<T> work) => work.WaitAsync(cancel).GetAwaiter().GetResult();
}
