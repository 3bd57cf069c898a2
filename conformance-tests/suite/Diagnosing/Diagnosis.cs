using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// Finds the causes of an engine's failures. It tries the cheapest evidence first: one known mistake that reproduces all failures, two at once, the
/// correct values in another layout, patterns. Two unrelated mistakes are two causes. A failure without an explanation stays unexplained, because a
/// wrong name is worse than none.
/// </summary>
public static class Diagnosis
{
    private const int Draws = 200;

    /// <param name="reports">The reports of one engine with one kernel.</param>
    public static IReadOnlyList<Cause> Diagnose(IEnumerable<CaseReport> reports, Bank bank) =>
        [.. reports.Where(report => report.Verdict != Verdict.Unsupported).GroupBy(report => report.Question.Case.Op)
            .Where(operation => operation.Any(report => !report.Verdict.IsGood())).SelectMany(operation => OfOperation([.. operation], bank))];

    private static IEnumerable<Cause> OfOperation(IReadOnlyList<CaseReport> reports, Bank bank)
    {
        var evidence = Evidence.Collect(reports);
        var unexplained = evidence.Where(one => !one.HasNumbers).Select(behaviour => Unexplained(behaviour, bank)).ToList();

        var (ordered, open) = (Replay.Ordered(reports), evidence.Where(one => one.HasNumbers).ToList());
        var known = Bank.Defects(reports[0].Question.Case.Op).ToArray();
        var single = open.Count == 0
            ? []
            : known.AsParallel().AsOrdered().Select(defect => Replay.Explain(defect, ordered, bank)).OfType<Explained>().ToArray();
        var named = new List<Defect>();
        foreach (var fit in new[] { Fit.Whole, Fit.OnePass })
            while (Best(single, fit) is { } cause)
                yield return cause;
        foreach (var tensor in open.ToArray())
            if (Undeclared.Find(tensor) is { } meant)
            {
                open.Remove(tensor);
                yield return meant;
            }
        foreach (var tensor in open.ToArray())
            if (open.Contains(tensor) && Pairs.Find(tensor.Tensor, ordered, named, bank) is { Count: > 0 } pairs
                && (Best(pairs, Fit.Whole) ?? Best(pairs, Fit.OnePass)) is { } cause)
                yield return cause;
        while (Best(single, Fit.Conditional) is { } cause)
            yield return cause;
        unexplained.AddRange(open.Select(left => Unexplained(left, bank)));
        // A mistake of behaviour is one cause for all tensors. A case that was not asked belongs to the cause for which the engine was stopped.
        var ended = unexplained.Select(cause => cause.Evidence[0])
            .FirstOrDefault(one => one.Fault is Fault.Died or Fault.Silent or Fault.Nonsense)?.About;
        foreach (var alike in unexplained.GroupBy(cause => cause.Explanations is [BehaviourDefect behaviour] ? behaviour.Id : cause.Evidence[0].Fault == Fault.NotAsked && ended is not null ? ended : cause.Evidence[0].About))
            yield return alike.First() with { Evidence = [.. alike.SelectMany(cause => cause.Evidence)] };

        // Take the mistakes that explain the most unexplained failures; several if they explain the same ones.
        Cause? Best(IReadOnlyList<Explained> candidates, Fit fit)
        {
            var best = candidates.Select(one => (Explained: one, Open: one.Covered(fit, open))).Where(one => one.Open.Count > 0)
                .GroupBy(one => string.Join(' ', one.Open.Select(evidence => evidence.Tensor))).MaxBy(group => group.First().Open.Count)?.ToArray();
            if (best is null)
                return null;
            open.RemoveAll(best[0].Open.Contains);
            Defect[] defects = [.. best.Select(one => one.Explained.Defect)];
            named.AddRange(defects.Length == 1 ? defects[0].Parts : []);
            return new(best[0].Open, defects)
            {
                Fit = fit,
                Condition = fit == Fit.Conditional ? best[0].Explained.ConditionOf(best[0].Open[0]) : null,
                Telling = defects.Length > 1 ? TellingCase(defects[0], defects[1], reports) : null,
            };
        }
    }

    private static Cause Unexplained(Evidence evidence, Bank bank)
    {
        if (Accepting(evidence) is { Count: > 0 } missing)
            return new([evidence], missing);
        var patterns = AllPatterns.Find(evidence);
        return new([evidence], BehaviourDefects.Find(evidence, patterns) is { } behaviour ? [behaviour] : [])
        {
            Patterns = patterns,
            Nearest = evidence.HasNumbers ? Nearest.Find(evidence, bank) : null,
        };
    }

    /// <summary>The missing checks: defects that accept exactly the refused cases that this engine wrongly accepted.</summary>
    private static IReadOnlyList<Defect> Accepting(Evidence evidence) => evidence.Kind != EvidenceKind.Refusals ? []
        : [.. AllOperations.Named(evidence.Op).Defects.OfType<AcceptDefect>()
            .Where(defect => evidence.Wrong.All(sight => defect.Accepts(sight.Case)) && !evidence.Right.Any(sight => defect.Accepts(sight.Case)))];

    /// <summary>The id of a new geometry for which two mistakes give different answers; null if none was found.</summary>
    private static string? TellingCase(Defect one, Defect other, IReadOnlyList<CaseReport> reports)
    {
        var operation = AllOperations.Named(one.Op);
        var asked = reports.Select(report => report.Question.Case.Id).ToHashSet();
        return Enumerable.Range(0, Draws).Select(number => operation.RandomId(1, number)).OfType<string>()
            .FirstOrDefault(id => !asked.Contains(id) && Tells(id));

        bool Tells(string id)
        {
            var question = Question.AnsweredByTheOracle(operation.Draw(id));
            var (first, second) = (operation.Evaluate(question.Case, one), operation.Evaluate(question.Case, other));
            return Separation.Measure(question.Case, first, second, question.Bound) >= Separation.Least(question.Case.Tier);
        }
    }
}
