using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>
/// Finds which memory an engine does not write, clear or forget: the known mistake that gives the same answers, right and wrong, when it is asked the
/// same questions in the same order. It is looked for before the mistakes of formulas, because it makes cases fail in ways that those do not explain.
/// </summary>
internal static class StaleSearch
{
    /// <summary>
    /// The distance at which two answers are the same, in parts of a tensor's largest number, in tolerances, and in roundings of 1: what a saturated
    /// function leaves is no more. The candidates are few and far apart.
    /// </summary>
    private const double Near = 1e-4, Bounds = 4, Roundings = 64;

    /// <summary>The causes of one operation's failures: first those of memory, then what a <see cref="Diagnosis"/> finds in the rest.</summary>
    public static IReadOnlyList<Cause> Causes(IReadOnlyList<CaseReport> reports, Bank bank, bool isRestartable)
    {
        var found = Attempt.Find(() => Find(reports, isRestartable));
        return found is null ? Diagnosis.Diagnose(reports, bank) : [found.Cause, .. Diagnosis.Diagnose(found.Rest, bank)];
    }

    /// <param name="reports">Every report of one operation, with one kernel, in the order of the questions.</param>
    /// <param name="isRestartable">Whether the engine was started anew.</param>
    /// <returns>
    /// The mistakes with all that they explain, and the reports without that; null where no answer depends on what was asked before, or no known
    /// mistake reproduces it.
    /// </returns>
    private static Found? Find(IReadOnlyList<CaseReport> reports, bool isRestartable)
    {
        if (!reports.Any(report => HasLapse(report) || report.TwinOf is not null) || reports.Any(report => report.Question.Meaning is not null))
            return null;
        CaseReport[] asked = [.. reports.Select(report => report.TwinOf ?? report)
            .Where(report => report.Question.Hashes is null && report.Question.Case.Refused is null)];
        CaseReport[] small = [.. asked.Where(report => HistoryCases.IsSmall(report.Question))];
        BehaviourDefect[] found = [.. StaleDefects.Of(reports[0].Question.Case.Op).ToArray().AsParallel().AsOrdered()
            .Where(defect => Attempt.Holds(() => Reproduces(defect, small, isRestartable)))];
        if (found.Length == 0)
            return null;
        var explained = asked.Zip(Answers(Engine(found[0], isRestartable), asked)).Where(pair => IsExplained(pair.First, pair.Second))
            .Select(pair => pair.First).ToHashSet<CaseReport>(ReferenceEqualityComparer.Instance);
        explained.UnionWith(reports.Where(report => report.TwinOf is not null));
        return new(
            new([.. Evidence.Collect(reports).Select(one => one with { Wrong = [.. one.Wrong.Where(sight => explained.Contains(sight.Report))] })
                .Where(one => one.Wrong.Count > 0).OrderBy(one => one.Kind != EvidenceKind.Repetition)], found),
            [.. reports.Where(report => !explained.Contains(report))]);
    }

    private sealed record Found(Cause Cause, IReadOnlyList<CaseReport> Rest);

    private static bool HasLapse(CaseReport report) => report is { Verdict: Verdict.Fail, Difference: not null };

    /// <summary>Whether a case fails by a mistake that gives this answer.</summary>
    private static bool IsExplained(CaseReport report, CaseReport answer) => report.Verdict.IsBad()
        && (report.Tensors.All(tensor => tensor.Passes) ? HasLapse(report)
            : AreAlike(report.Reply, answer.Reply ?? answer.Answer, report.Question.Bound));

    private static bool Reproduces(BehaviourDefect defect, CaseReport[] reports, bool isRestartable)
    {
        var engine = Engine(defect, isRestartable);
        var answers = Answers(engine, reports);
        var histories = History.Find(engine, answers);
        return reports.Any(report => report.Recollections.Count > 0) && reports.Zip(answers).All(pair => pair.First.Recollections.Count == 0
            || (histories.TryGetValue(pair.Second, out var history) && pair.First.Recollections.Zip((history.TwinOf ?? history).Recollections)
                .All(two => AreAlike(two.First.Reply, two.Second.Reply, two.First.Twin.Bound)
                    && AreAlike(two.First.Plain, two.Second.Plain, two.First.Twin.Bound))));
    }

    private static ISubject Engine(BehaviourDefect defect, bool isRestartable) =>
        defect.Wrap(new Right()) is var engine && isRestartable ? engine : new Lasting(engine);

    private static CaseReport[] Answers(ISubject engine, CaseReport[] reports) => [.. reports.Select(report => Judge.Run(engine, report.Question))];

    private static bool AreAlike(LayerResult? one, LayerResult? other, ErrorBound bound)
    {
        if (one is null || other is null)
            return one is null && other is null;
        var others = other.Tensors.ToDictionary();
        return one.Tensors.All(pair =>
            others.TryGetValue(pair.Key, out var tensor) && AreAlike(pair.Value, tensor, i => Bounds * bound.At(pair.Key, i)));
    }

    private static bool AreAlike(Tensor64 one, Tensor64 other, Func<int, double> bound)
    {
        if (!one.HasShape(other.Shape))
            return false;
        var scale = one.Data.ToArray().Concat(other.Data.ToArray()).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        for (var i = 0; i < one.Length; i++)
            if (!one[i].Equals(other[i]) && !(Math.Abs(one[i] - other[i]) <= Near * scale + bound(i) + Roundings * ErrorBound.U))
                return false;
        return true;
    }

    /// <summary>The right engine, rounded to float32.</summary>
    private sealed class Right : ISubject
    {
        public string Name => "right";

        public LayerResult Run(LayerCase layerCase) =>
            AllOperations.Named(layerCase.Op).Evaluate(layerCase).Select((_, tensor) => tensor.Select(value => (float)value));
    }

    /// <summary>An engine that can't be started anew.</summary>
    private sealed class Lasting(ISubject engine) : ISubject
    {
        public string Name => engine.Name;

        public LayerResult Run(LayerCase layerCase) => engine.Run(layerCase);
    }
}
