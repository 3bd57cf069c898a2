using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// What is wrong with an engine, from the cheapest evidence up: a known mistake that reproduces all of it, two at once, the right values in another layout, patterns. Two unrelated
/// mistakes are two causes. What nothing explains is said to be so: a wrong name is worse than none.
/// </summary>
public static class Diagnosis
{
    private const int Draws = 200;

    /// <param name="reports">One engine's, with one kernel.</param>
    public static IReadOnlyList<Cause> Of(IEnumerable<CaseReport> reports, Bank bank) =>
        [.. reports.Where(report => report.Verdict != Verdict.Unsupported).GroupBy(report => report.Question.Case.Op)
            .Where(operation => operation.Any(report => report.Verdict != Verdict.Pass)).SelectMany(operation => OfOperation([.. operation], bank))];

    private static IEnumerable<Cause> OfOperation(IReadOnlyList<CaseReport> reports, Bank bank)
    {
        var evidence = Evidence.Of(reports);
        foreach (var behaviour in evidence.Where(one => !one.HasNumbers))
            yield return Unexplained(behaviour);

        var (ordered, open) = (Replay.Ordered(reports), evidence.Where(one => one.HasNumbers).ToDictionary(one => one.Tensor));
        var replayed = open.Count == 0 ? [] : Bank.Of(reports[0].Question.Case.Op).AsParallel().AsOrdered().Select(defect => Replay.Of(defect, ordered, bank)).OfType<Explained>().ToArray();
        var named = new List<Defect>();
        // A mistake that explains all it would show comes before one that needs another beside it.
        foreach (var beside in new[] { false, true })
            while (Best(replayed.Where(one => one.Elsewhere.Count > 0 == beside)) is { Count: > 0 } best)
                yield return Explain(best);
        foreach (var tensor in open.Keys.ToArray())
            if (open.ContainsKey(tensor) && Best(Pairs.Of(tensor, ordered, named, bank)) is { Count: > 0 } pairs)
                yield return Explain(pairs);
        foreach (var left in open.Values)
            yield return Unexplained(left);

        // Those that explain most of what is still open; several where they explain the same.
        IReadOnlyList<Explained> Best(IEnumerable<Explained> candidates)
        {
            var counted = candidates.Select(one => (Explained: one, Open: one.Tensors.Count(open.ContainsKey))).Where(one => one.Open > 0).ToArray();
            return counted.Length == 0 ? [] : [.. counted.Where(one => one.Open == counted.Max(other => other.Open)).Select(one => one.Explained)
                .GroupBy(one => string.Join(' ', one.Tensors.Where(open.ContainsKey).Order())).First()];
        }

        Cause Explain(IReadOnlyList<Explained> best)
        {
            Evidence[] explained = [.. best[0].Tensors.Where(open.ContainsKey).Select(tensor => open[tensor])];
            foreach (var one in explained)
                open.Remove(one.Tensor);
            Defect[] defects = [.. best.Select(one => one.Defect)];
            named.AddRange(defects.Length == 1 ? defects[0].Parts : []);
            return new(explained, defects) { Telling = defects.Length > 1 ? TellingCase(defects[0], defects[1], reports) : null };
        }
    }

    private static Cause Unexplained(Evidence evidence) => Accepting(evidence) is { Count: > 0 } missing ? new([evidence], missing) : new([evidence], []) { Patterns = Diagnosing.Patterns.Of(evidence) };

    /// <summary>Missing checks: those that would accept exactly the refused cases that were accepted.</summary>
    private static IReadOnlyList<Defect> Accepting(Evidence evidence) => evidence.Tensor != Evidence.Refusals ? []
        : [.. AllOperations.Named(evidence.Op).Defects.OfType<AcceptDefect>()
            .Where(defect => evidence.Wrong.All(sight => defect.Accepts(sight.Case)) && !evidence.Right.Any(sight => defect.Accepts(sight.Case)))];

    /// <summary>A geometry that was not asked and in which two mistakes would answer differently.</summary>
    private static string? TellingCase(Defect one, Defect other, IReadOnlyList<CaseReport> reports)
    {
        var operation = AllOperations.Named(one.Op);
        var asked = reports.Select(report => report.Question.Case.Id).ToHashSet();
        return Enumerable.Range(0, Draws).Select(number => operation.RandomId(1, number)).OfType<string>().FirstOrDefault(id => !asked.Contains(id) && Tells(id));

        bool Tells(string id)
        {
            var question = Question.AnsweredByTheOracle(operation.Draw(id));
            var (first, second) = (operation.Evaluate(question.Case, one), operation.Evaluate(question.Case, other));
            return Separation.Of(question.Case, first, second, question.Bound) >= Separation.Least(question.Case.Tier);
        }
    }
}
