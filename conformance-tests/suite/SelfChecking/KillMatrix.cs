using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Suite.SelfChecking;

/// <summary>
/// The suite tested against its own known mistakes. Each known mistake is an engine that must fail and be named; each correct engine must pass.
/// </summary>
/// <param name="Rows">One row per known mistake.</param>
/// <param name="Cases">The number of cases.</param>
/// <param name="FalseAlarms">The cases that correct engines fail.</param>
public sealed record KillMatrix(IReadOnlyList<KillRow> Rows, int Cases, IReadOnlyList<CaseReport> FalseAlarms)
{
    /// <summary>The correct engines, none of which may fail: name, kernel, and <see cref="Declaration.Note"/>.</summary>
    public IReadOnlyList<string> RightEngines { get; init; } = [];

    /// <summary>Sets of mistakes that no case tells apart, each with the reason as its last text.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Ambiguous =>
        [.. Rows.SelectMany(row => row.Causes).Where(cause => cause.Explanations.Count > 1)
            .DistinctBy(cause => string.Join(' ', cause.Explanations.Select(defect => defect.Id).Order(StringComparer.Ordinal)))
            .Select(cause =>
                (IReadOnlyList<string>)
                [
                    .. cause.Explanations.Select(defect => defect.Id),
                    cause.Telling is { } id
                        ? $"{id} would tell them apart, and is no stored case"
                        : "no case and no random geometry was found in which they differ",
                ])];

    /// <param name="questions">The questions, with fills of another seed than the one with which the replay was tuned.</param>
    /// <param name="right">Correct engines.</param>
    /// <param name="progress">Called with the number of mistakes done, and their total.</param>
    public static KillMatrix Run(
        IReadOnlyList<Question> questions, IReadOnlyList<ISubject> right, IProgress<(int Done, int Of)> progress, CancellationToken cancel)
    {
        // Each mistake is combined with its cases, and with their shared answers.
        var tries = questions.GroupBy(question => question.Case.Op).SelectMany(operation =>
        {
            var (bank, own) = (new Bank(), operation.ToArray());
            return AllOperations.Named(operation.Key).Defects.Select(defect => (Defect: defect, Questions: own, Bank: bank));
        }).ToList();
        var tried = questions.Where(question => BehaviourDefects.TriedOn.Contains(question.Case.Op)).ToArray();
        if (tried.Select(question => question.Case.Op).Distinct().Count() == BehaviourDefects.TriedOn.Count)
            tries.AddRange(BehaviourDefects.All.Select(behaviour => ((Defect)behaviour, tried, new Bank())));

        tries.AddRange(questions.GroupBy(question => question.Case.Op).SelectMany(operation =>
            StaleDefects.Of(operation.Key).Select(stale => ((Defect)stale, operation.ToArray(), new Bank()))));

        var (done, rows) = (0, new KillRow[tries.Count]);
        Parallel.For(0, rows.Length, new() { CancellationToken = cancel }, i =>
        {
            rows[i] = Row(tries[i].Defect, tries[i].Questions, tries[i].Bank);
            progress.Report((Interlocked.Increment(ref done), rows.Length));
        });
        var alarms = right.SelectMany(
            subject => questions.AsParallel().AsOrdered().WithCancellation(cancel).Select(question => Judge.Run(subject, question)))
            .Where(report => report.Verdict is not (Verdict.Pass or Verdict.Unsupported)).ToArray();
        return new(rows, questions.Count, alarms)
        {
            RightEngines = [.. right.Select(
                subject => string.Join(", ", new[] { subject.Name, subject.Kernel, subject.Declares.Note }.OfType<string>()))],
        };
    }

    /// <summary>Runs one mistake, as a float32 engine with the reversed order of summation.</summary>
    public static KillRow Row(Defect defect, IReadOnlyList<Question> questions, Bank bank)
    {
        var behaviour = (defect as BehaviourDefect)?.Wrap(new OracleSubject(Summation.Reversed));
        var engine = new OracleSubject(Summation.Reversed, defect);
        CaseReport[] reports =
            [.. questions.Select(question => Judge.Run(behaviour ?? new WithoutCopy(engine, question.Case), question))];
        if (behaviour is not null)
        {
            var histories = History.Find(behaviour, reports);
            reports = [.. reports.Select(report => histories.GetValueOrDefault(report, report))];
        }
        return new(
            defect, [.. reports.Where(report => report.Verdict != Verdict.Pass)],
            [.. reports.GroupBy(report => report.Question.Case.Op).SelectMany(operation =>
                StaleSearch.Causes([.. operation], bank, behaviour is IRestartable))]);
    }

    /// <summary>
    /// Asks an engine with the question's own case in place of the judge's copy. The oracle writes to no case, and what it keeps of a case serves all
    /// mistakes.
    /// </summary>
    private sealed class WithoutCopy(OracleSubject engine, LayerCase own) : ISubject
    {
        public string Name => engine.Name;

        public LayerResult Run(LayerCase layerCase) => engine.Run(own);
    }
}
