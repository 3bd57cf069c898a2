using System.Collections.Concurrent;
using System.Diagnostics;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>One question of a run. It is created once, when the first kernel is asked.</summary>
/// <param name="id">The id of the case.</param>
/// <param name="make">Creates the question; null if it can't be read.</param>
public sealed class RunQuestion(string id, Func<Question?> make)
{
    private readonly Lazy<Question?> _question = new(make);

    public string Id => id;

    public string Op => id.Split('/')[0];

    /// <summary>The question; null if it can't be read.</summary>
    public Question? Question => _question.Value;
}

/// <summary>
/// One engine's run, for the command line and for test frameworks. Each question is put to each kernel once. Failures are diagnosed, and the gate
/// decides if there is one. A run is thread-safe if the engine is.
/// </summary>
/// <param name="subjects">The kernels of one engine, at least one.</param>
/// <param name="asked">The questions, in order.</param>
/// <param name="elapsed">Returns the duration of the run so far.</param>
public sealed class EngineRun(IReadOnlyList<ISubject> subjects, IReadOnlyList<RunQuestion> asked, Func<TimeSpan> elapsed)
{
    private readonly Lazy<CaseReport?>[] _answers =
        [.. asked.SelectMany(
            one => subjects.Select(subject => new Lazy<CaseReport?>(() => one.Question is { } question ? Running.Judge.Run(subject, question) : null)))];

    private readonly CaseReport?[] _judged = new CaseReport?[asked.Count * subjects.Count];

    private readonly ConcurrentDictionary<(string Op, int Kernel), Lazy<IReadOnlyDictionary<CaseReport, CaseReport>>> _histories = new();

    private readonly ConcurrentDictionary<string, Lazy<HashSet<string>>> _again = new();

    private readonly Examiner _examiner = new(subjects);

    /// <summary>The places in <see cref="Cases"/> in the order in which <see cref="JudgeAll"/> asks them; null for their own order.</summary>
    public IReadOnlyList<int>? Order { get; init; }

    /// <summary>Every case with every kernel: question by question, and for each kernel by kernel.</summary>
    public IReadOnlyList<CaseName> Cases { get; } = [.. asked.SelectMany(one => subjects.Select(subject => new CaseName(one.Id, subject.Kernel)))];

    /// <summary>The cases judged so far, in the order of <see cref="Cases"/>, with refusals decided.</summary>
    public IReadOnlyList<CaseReport> Judged => Refusals.Weighed(Unweighed);

    /// <summary>Judges one case. The verdict on a refusal depends on the operation's other cases, which are asked if necessary.</summary>
    /// <param name="place">The index in <see cref="Cases"/>.</param>
    /// <returns>The report; null if the question can't be read.</returns>
    public CaseReport? Judge(int place)
    {
        if (Answer(place, default) is not { } report)
            return null;
        if (IsAskedAgain(place))
            _judged[place] = report = History(place).GetValueOrDefault(report, report);
        return Refusals.Weighed(report, Others(place));
    }

    /// <summary>Judges all cases of an operation, with every kernel.</summary>
    public IReadOnlyList<CaseReport> Judge(string op) => [.. Places(op).Select(Judge).OfType<CaseReport>()];

    /// <summary>
    /// Judges everything on separate threads, so that waiting for an engine takes no thread from the pool that kernels use. A cancelled run abandons
    /// the current questions, and keeps the cases judged so far. Then a few cases are asked again with another history.
    /// </summary>
    /// <param name="jobs">The number of questions that the engine can be asked at the same time.</param>
    /// <param name="progress">Called with the number of judged cases, one call at a time.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void JudgeAll(int jobs, Action<int> progress, CancellationToken cancel)
    {
        var (next, done, told) = (-1, 0, new Lock());
        Wait(Task.WhenAll(
            Enumerable.Range(0, jobs).Select(_ => Task.Factory.StartNew(Loop, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default))),
            cancel);
        Wait(Task.WhenAll(Enumerable.Range(0, subjects.Count).Select(kernel => Task.Factory.StartNew(
            () => Remember(kernel, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default))), cancel);

        void Loop()
        {
            while (Interlocked.Increment(ref next) is var place && place < _answers.Length)
            {
                CaseReport? report;
                try
                {
                    report = Answer(Order?[place] ?? place, cancel);
                }
                catch
                {
                    Interlocked.Exchange(ref next, _answers.Length); // what ends one thread ends the run
                    throw;
                }
                if (cancel.IsCancellationRequested)
                    return;
                if (report is null)
                    continue;
                lock (told)
                    progress(++done);
            }
        }
    }

    /// <summary>For each failing operation and kernel, the smallest case to which its first failure can be reduced.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IReadOnlyList<CaseReport> Shrink(CancellationToken cancel) =>
        Wait(Task.Run(() => ShrunkCases.Find(Unweighed, subjects, cancel), cancel), cancel);

    /// <summary>The causes of an operation's failures. All cases of the operation are judged first.</summary>
    public IEnumerable<Diagnosing.Finding> Diagnose(string op) => _examiner.Find(Judge(op));

    /// <summary>The report of all judged cases, with their causes and the gate's result.</summary>
    /// <param name="suiteHash">The hash of the cases and vectors. Runs with the same hash asked the same questions.</param>
    /// <param name="gate">The terms of the gate; null for no gate.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public CheckReport Report(string suiteHash, GateTerms? gate, CancellationToken cancel)
    {
        var report = Wait(Task.Run(() => _examiner.Report(Unweighed, suiteHash, elapsed, cancel), cancel), cancel);
        return gate is null ? report : report with { Gate = gate.Decide(report.Cases) };
    }

    /// <summary>The report of a cancelled run: the cases judged so far, without a diagnosis and without a gate.</summary>
    public CheckReport ReportUntilNow(string suiteHash) =>
        new(subjects[0].Name, subjects[0].Declares, suiteHash, Judged, [], [], elapsed()) { Interrupted = true };

    private IReadOnlyList<CaseReport> Unweighed => [.. _judged.ToArray().OfType<CaseReport>()];

    private CaseReport? Answer(int place, CancellationToken cancel)
    {
        var report = _answers[place].Value;
        if (!cancel.IsCancellationRequested) // a cancelled wait is no verdict
            _judged[place] = report;
        return report;
    }

    /// <summary>What the history changes in one kernel's reports. One thread asks, so that a process gets the questions in this order.</summary>
    private void Remember(int kernel, CancellationToken cancel)
    {
        int[] places = [.. Enumerable.Range(0, _answers.Length).Where(place => place % subjects.Count == kernel && _judged[place] is not null)];
        var found = Running.History.Find(subjects[kernel], [.. places.Select(place => _judged[place]!)], cancel);
        foreach (var place in places)
            _judged[place] = found.GetValueOrDefault(_judged[place]!, _judged[place]!);
    }

    /// <summary>Whether a case is one of the few that are asked again with another history; under a debugger none is.</summary>
    private bool IsAskedAgain(int place) => !Debugger.IsAttached && _again.GetOrAdd(asked[place / subjects.Count].Op, op => new(() =>
        [.. HistoryCases.Choose(asked.Where(one => one.Op == op).Select(one => one.Question).OfType<Question>()).Select(chosen => chosen.Case.Id)]))
        .Value.Contains(asked[place / subjects.Count].Id);

    /// <summary>What the history changes in the reports of a case's operation and kernel.</summary>
    private IReadOnlyDictionary<CaseReport, CaseReport> History(int place)
    {
        var (op, kernel) = (asked[place / subjects.Count].Op, place % subjects.Count);
        return _histories.GetOrAdd((op, kernel), _ => new(() => Running.History.Find(
            subjects[kernel], [.. Places(op).Where(other => other % subjects.Count == kernel && IsAskedAgain(other))
                .Select(other => Answer(other, default)).OfType<CaseReport>()]))).Value;
    }

    private IEnumerable<int> Places(string op) => Enumerable.Range(0, _answers.Length).Where(place => asked[place / subjects.Count].Op == op);

    private IEnumerable<CaseReport> Others(int place) =>
        Places(asked[place / subjects.Count].Op).Where(other => other % subjects.Count == place % subjects.Count)
            .Select(other => Answer(other, default)).OfType<CaseReport>();

    private static T Wait<T>(Task<T> work, CancellationToken cancel) => work.WaitAsync(cancel).GetAwaiter().GetResult();

    private static void Wait(Task work, CancellationToken cancel) => work.WaitAsync(cancel).GetAwaiter().GetResult();
}
