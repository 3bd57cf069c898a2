using Conformance.Suite.Gating;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>One question of a run. It is made once, when the first kernel is asked.</summary>
/// <param name="id">The case's.</param>
/// <param name="make">Makes the question; null where it can't be read.</param>
public sealed class RunQuestion(string id, Func<Question?> make)
{
    private readonly Lazy<Question?> _question = new(make);

    public string Id => id;

    public string Op => id.Split('/')[0];

    /// <summary>Null where it can't be read.</summary>
    public Question? Question => _question.Value;
}

/// <summary>
/// One engine's run, for the command line and for test frameworks alike. Each question is put to each kernel once; what fails is diagnosed; where
/// there is a gate, it decides. Safe to use from several threads where the engine is.
/// </summary>
/// <param name="subjects">One engine: each of its kernels, at least one.</param>
/// <param name="asked">The questions, in order.</param>
/// <param name="elapsed">How long the run has taken.</param>
public sealed class EngineRun(IReadOnlyList<ISubject> subjects, IReadOnlyList<RunQuestion> asked, Func<TimeSpan> elapsed)
{
    private readonly Lazy<CaseReport?>[] _answers =
        [.. asked.SelectMany(
            one => subjects.Select(subject => new Lazy<CaseReport?>(() => one.Question is { } question ? Running.Judge.Run(subject, question) : null)))];

    private readonly CaseReport?[] _judged = new CaseReport?[asked.Count * subjects.Count];

    private readonly Examiner _examiner = new(subjects);

    /// <summary>Every case under every kernel: question by question, kernel by kernel for each.</summary>
    public IReadOnlyList<CaseName> Cases { get; } = [.. asked.SelectMany(one => subjects.Select(subject => new CaseName(one.Id, subject.Kernel)))];

    /// <summary>What was judged until now, in the order of <see cref="Cases"/>, refusals weighed.</summary>
    public IReadOnlyList<CaseReport> Judged => Refusals.Weighed(Unweighed);

    /// <summary>Judges one case. A refusal is weighed by the operation's other cases, which are asked for it where need be.</summary>
    /// <param name="place">In <see cref="Cases"/>.</param>
    /// <returns>Null where the question can't be read.</returns>
    public CaseReport? Judge(int place) => Answer(place, default) is { } report ? Refusals.Weighed(report, Others(place)) : null;

    /// <summary>Judges all cases of an operation, with every kernel.</summary>
    public IReadOnlyList<CaseReport> Judge(string op) => [.. Places(op).Select(Judge).OfType<CaseReport>()];

    /// <summary>
    /// Judges everything, in threads of its own: an engine that is waited for takes none from the pool that kernels compute on. A cancelled run
    /// leaves what is still being computed or waited for, and keeps what was judged until then.
    /// </summary>
    /// <param name="jobs">How many questions the engine can be asked at a time.</param>
    /// <param name="progress">Told how many cases are judged, one call at a time.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void JudgeAll(int jobs, Action<int> progress, CancellationToken cancel)
    {
        var (next, done, told) = (-1, 0, new Lock());
        Wait(Task.WhenAll(
            Enumerable.Range(0, jobs).Select(_ => Task.Factory.StartNew(Loop, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default))),
            cancel);

        void Loop()
        {
            while (Interlocked.Increment(ref next) is var place && place < _answers.Length)
            {
                var report = Answer(place, cancel);
                if (cancel.IsCancellationRequested)
                    return;
                if (report is null)
                    continue;
                lock (told)
                    progress(++done);
            }
        }
    }

    /// <summary>For each operation and kernel that failed, the smallest case that its first failure shrinks to.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<CaseReport> Shrink(CancellationToken cancel) =>
        Wait(Task.Run(() => ShrunkCases.Find(Unweighed, subjects, cancel), cancel), cancel);

    /// <summary>The causes of what fails in an operation, all cases of which are judged for it.</summary>
    public IEnumerable<Diagnosing.Finding> Diagnose(string op) => _examiner.Find(Judge(op));

    /// <summary>Everything that was judged, with its causes, and what the gate says of it.</summary>
    /// <param name="suiteHash">Of the cases and vectors: runs with the same hash asked the same questions.</param>
    /// <param name="gate">What the run is held against; null where it is against nothing.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public CheckReport Report(string suiteHash, GateTerms? gate, CancellationToken cancel)
    {
        var report = Wait(Task.Run(() => _examiner.Report(Unweighed, suiteHash, elapsed, cancel), cancel), cancel);
        return gate is null ? report : report with { Gate = gate.Decide(report.Cases) };
    }

    /// <summary>What came of the engine until the run was cancelled. Nothing is diagnosed, and no gate is asked.</summary>
    public CheckReport ReportUntilNow(string suiteHash) =>
        new(subjects[0].Name, subjects[0].Declares, suiteHash, Judged, [], [], elapsed()) { Interrupted = true };

    private IReadOnlyList<CaseReport> Unweighed => [.. _judged.ToArray().OfType<CaseReport>()];

    private CaseReport? Answer(int place, CancellationToken cancel)
    {
        var report = _answers[place].Value;
        if (!cancel.IsCancellationRequested) // a wait that was cancelled is no verdict
            _judged[place] = report;
        return report;
    }

    private IEnumerable<int> Places(string op) => Enumerable.Range(0, _answers.Length).Where(place => asked[place / subjects.Count].Op == op);

    private IEnumerable<CaseReport> Others(int place) =>
        Places(asked[place / subjects.Count].Op).Where(other => other % subjects.Count == place % subjects.Count)
            .Select(other => Answer(other, default)).OfType<CaseReport>();

    private static T Wait<T>(Task<T> work, CancellationToken cancel) => work.WaitAsync(cancel).GetAwaiter().GetResult();

    private static void Wait(Task work, CancellationToken cancel) => work.WaitAsync(cancel).GetAwaiter().GetResult();
}
