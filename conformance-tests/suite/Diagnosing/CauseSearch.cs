using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// The causes of one operation's failures, from the cheapest evidence up: a known mistake that reproduces all of it, or all but the edges; two at
/// once; one where the cases have some property; several that each have their share; patterns. What nothing explains is said to be so: a wrong name
/// is worse than none.
/// </summary>
/// <param name="reports">One engine's, with one kernel; what is unsupported left out.</param>
internal sealed class CauseSearch(IReadOnlyList<CaseReport> reports, Bank bank)
{
    private const int Draws = 200;

    private readonly List<Cause> _causes = [];

    /// <summary>Mistakes that are known to be there.</summary>
    private readonly List<Defect> _named = [];

    /// <summary>What is still to be explained.</summary>
    private List<Evidence> _open = [];

    /// <summary>What is wrong on edges, set aside until the rest is named.</summary>
    private List<Evidence> _edges = [];

    /// <summary>How many cases fail in a tensor.</summary>
    private Dictionary<string, IReadOnlyList<Sight>> _wrong = [];

    public IReadOnlyList<Cause> Find()
    {
        var evidence = Evidence.Collect(reports);
        _open = [.. evidence.Where(one => one.HasNumbers)];
        _wrong = _open.ToDictionary(one => one.Tensor, one => one.Wrong);
        if (_open.Count > 0)
            NameNumbers();
        Misfits.Join(_causes, evidence, reports, bank);
        var unexplained = Misfits.Left(evidence.Where(one => !one.HasNumbers), _causes).Concat(_open).Concat(_edges).Select(Unexplained).ToList();
        // What an engine does wrong whatever it computes is one cause, in however many tensors it shows, and so is what it does wrong on an edge; and
        // what is not asked is so because the engine had to be ended.
        var ended = unexplained.Select(cause => cause.Evidence[0])
            .FirstOrDefault(one => one.Fault is Fault.Died or Fault.Silent or Fault.Nonsense)?.About;
        foreach (var alike in unexplained.GroupBy(cause => cause.Explanations is [BehaviourDefect behaviour] ? behaviour.Id
            : cause.Evidence[0].Fault == Fault.NotAsked && ended is not null ? ended
            : cause.Evidence[0].HasNumbers && cause.Edge is { } edge ? edge : cause.Evidence[0].About))
            _causes.Add(alike.First() with { Evidence = [.. alike.SelectMany(cause => cause.Evidence)] });
        return _causes;
    }

    private void NameNumbers()
    {
        var ordered = Replay.Ordered(reports);
        var single = Single(ordered);
        NameSingle(single);
        SetEdgesAside();
        // An engine that is right on an edge need not be so by the lines that are wrong elsewhere.
        var ordinary = ordered.Where(report => Edge.Of(report) is null).ToArray();
        var isOrdinary = _open.All(one => one.Wrong.All(sight => Edge.Of(sight.Report) is null));
        if (_edges.Count > 0 || (isOrdinary && ordinary.Length < ordered.Count))
            (ordered, single) = (Only(_open, isOrdinary ? ordinary : ordered), Single(Only(_open, isOrdinary ? ordinary : ordered)));
        NameSingle(single);
        var made = _open.ToDictionary(one => one, one => Made(one, ordered));
        NameEach(tensor => made[tensor], Fit.Whole, Fit.OnePass);
        NameEach(tensor => Pairs.Find(tensor, ordered, _named, bank), Fit.Whole, Fit.OnePass);
        while (Name(single, Fit.Conditional))
            continue;
        NameEach(tensor => made[tensor], Fit.Conditional);
        NameEach(tensor => Pairs.FindThree(tensor, ordered, bank), Fit.Whole, Fit.OnePass);
        foreach (var tensor in _open.ToArray())
            NameShares(tensor, ordered);
        JoinShares();
        var (rest, edges) = (_open, _edges);
        foreach (var edge in edges.GroupBy(one => Edge.Of(one.Wrong[0].Report)))
        {
            (_open, _edges) = ([.. edge], []);
            NameSingle(Single(Only(_open, Replay.Ordered(reports))));
            edges = [.. edges.Except(edge), .. _open];
        }
        (_open, _edges) = ([], edges);
        foreach (var tensor in rest)
            _open.Add(WithItsEdges(tensor));
    }

    /// <summary>
    /// What has no name, with what is wrong on edges where the same is to be said of both: to set it aside has gained nothing then.
    /// </summary>
    private Evidence WithItsEdges(Evidence tensor)
    {
        var edges = _edges.Where(one => one.Tensor == tensor.Tensor).ToArray();
        var all = tensor with { Wrong = [.. tensor.Wrong, .. edges.SelectMany(one => one.Wrong)] };
        if (edges.Length == 0
            || (AllPatterns.Find(tensor) is [var alone, ..]
                && !(AllPatterns.Find(all) is [var both, ..] && (both.CoversEdges || both.Text == alone.Text))))
            return tensor;
        _edges.RemoveAll(edges.Contains);
        return all;
    }

    /// <summary>The known mistakes that explain a tensor, each alone.</summary>
    private Explained[] Single(IReadOnlyList<CaseReport> ordered) =>
        _open.Count == 0 ? [] : Explain(bank.Defects(reports[0].Question.Case.Op), ordered);

    private Explained[] Explain(IEnumerable<Defect> defects, IReadOnlyList<CaseReport> ordered)
    {
        var wrong = Replay.WrongTensors(ordered);
        return [.. defects.ToArray().AsParallel().AsOrdered().Select(defect => Replay.Explain(defect, ordered, wrong, bank, null)).OfType<Explained>()];
    }

    private void NameSingle(IReadOnlyList<Explained> single)
    {
        foreach (var fit in new[] { Fit.Whole, Fit.OnePass })
            while (Name(single, fit))
                continue;
        foreach (var tensor in _open.ToArray())
            if (Undeclared.Find(tensor) is { } meant)
            {
                _open.Remove(tensor);
                Add(meant);
            }
    }

    /// <summary>Mistakes that are made for a tensor, and explain it alone; none where something says what every element is.</summary>
    private Explained[] Made(Evidence tensor, IReadOnlyList<CaseReport> ordered) =>
        AllPatterns.OfEveryElement(tensor) is not null ? [] : Explain(Readings.Of(tensor).Concat(Constants.Of(tensor)), ordered);

    /// <summary>Names what is found for each tensor that is still open then.</summary>
    private void NameEach(Func<Evidence, IReadOnlyList<Explained>> find, params ReadOnlySpan<Fit> fits)
    {
        foreach (var tensor in _open.ToArray())
        {
            if (!_open.Contains(tensor))
                continue;
            var found = find(tensor);
            foreach (var fit in fits)
                if (Name(found, fit))
                    break;
        }
    }

    /// <summary>Names what explains most of what is still open; several where they explain the same.</summary>
    private bool Name(IReadOnlyList<Explained> candidates, Fit fit)
    {
        var best = candidates.Select(one => (Explained: one, Open: one.Covered(fit, _open))).Where(one => one.Open.Count > 0)
            .GroupBy(one => string.Join(' ', one.Open.Select(evidence => evidence.Tensor))).MaxBy(group => group.First().Open.Count)?.ToArray();
        if (best is null)
            return false;
        _open.RemoveAll(best[0].Open.Contains);
        Defect[] defects = [.. best.Select(one => one.Explained.Defect)
            .DistinctBy(defect => string.Join(' ', defect.Parts.Select(part => part.Id).Order()))];
        Add(new(best[0].Open, defects)
        {
            Fit = fit,
            Condition = fit == Fit.Conditional ? best[0].Explained.ConditionOf(best[0].Open[0]) : null,
            Telling = TellingCase(defects),
        });
        return true;
    }

    /// <summary>The mistakes that have a share each in what is wrong in a tensor; what is left of it stays open.</summary>
    private void NameShares(Evidence tensor, IReadOnlyList<CaseReport> ordered)
    {
        if (AllPatterns.OfEveryElement(tensor) is not null)
            return;
        _open.Remove(tensor);
        while (Share.Largest(tensor, ordered, _named, bank) is { } share)
        {
            Add(new([tensor with { Wrong = share.Wrong }], share.Defects) { Fit = Fit.Share, Telling = TellingCase(share.Defects) });
            tensor = tensor with { Wrong = [.. tensor.Wrong.Except(share.Wrong)] };
            if (tensor.Wrong.Count == 0)
                return;
        }
        _open.Add(tensor);
    }

    /// <summary>A mistake that has a share in several tensors is one cause.</summary>
    private void JoinShares()
    {
        var shares = _causes.Where(cause => cause.Fit == Fit.Share).ToArray();
        _causes.RemoveAll(shares.Contains);
        _causes.AddRange(shares.GroupBy(cause => string.Join(' ', cause.Explanations.Select(defect => defect.Id))).Select(alike => WithFailures(
            alike.First() with { Evidence = [.. alike.SelectMany(cause => cause.Evidence)] })));
    }

    private Cause WithFailures(Cause cause) => cause with
    {
        Failures = cause.Evidence.SelectMany(one => _wrong[one.Tensor]).Select(sight => sight.Report).Distinct().Count(),
    };

    /// <summary>Takes a name, with what it explains on edges.</summary>
    private void Add(Cause cause)
    {
        _named.AddRange(cause.Explanations is [var only] ? only.Parts : []);
        _causes.Add(WithFailures(cause with
        {
            Evidence = [.. cause.Evidence.Select(one => one with { Wrong = [.. one.Wrong, .. OnEdges(one.Tensor, cause.Explanations)] })],
        }));
    }

    private Sight[] OnEdges(string tensor, IReadOnlyList<Defect> explanations)
    {
        var explained = _edges.Where(one => one.Tensor == tensor).SelectMany(one => one.Wrong)
            .Where(sight => sight.Report.Question.Hashes is null && Replay.Reproduces(explanations[0], sight, bank)).ToArray();
        _edges = [.. _edges.Select(one => one.Tensor == tensor ? one with { Wrong = [.. one.Wrong.Except(explained)] } : one)
            .Where(one => one.Wrong.Count > 0)];
        return explained;
    }

    /// <summary>Of what is open, what is wrong on edges, kind by kind. A tensor that is wrong there alone stays open.</summary>
    private void SetEdgesAside()
    {
        var mixed = _open.Where(one => one.Wrong.Any(IsOnEdge) && !one.Wrong.All(IsOnEdge)).ToArray();
        _edges = [.. mixed.SelectMany(one => one.Wrong.Where(IsOnEdge).GroupBy(sight => Edge.Of(sight.Report))
            .Select(kind => one with { Wrong = [.. kind] }))];
        _open = [.. _open.Select(one => mixed.Contains(one) ? one with { Wrong = [.. one.Wrong.Where(sight => !IsOnEdge(sight))] } : one)];

        static bool IsOnEdge(Sight sight) => Edge.Of(sight.Report) is not null;
    }

    /// <summary>The reports with no other failures than those in question.</summary>
    private static IReadOnlyList<CaseReport> Only(IEnumerable<Evidence> evidence, IReadOnlyList<CaseReport> ordered)
    {
        var asked = evidence.SelectMany(one => one.Wrong.Select(sight => (sight.Report, one.Tensor))).ToHashSet();
        return [.. ordered.Select(report => report with
        {
            Tensors = [.. report.Tensors.Where(tensor => tensor.Passes || asked.Contains((report, tensor.Name)))],
        })];
    }

    private Cause Unexplained(Evidence evidence)
    {
        if (Accepting(evidence) is { Count: > 0 } missing)
            return new([evidence], missing);
        var patterns = AllPatterns.Find(evidence);
        return new([evidence], Attempt.Find(() => BehaviourDefects.Find(evidence, patterns)) is { } behaviour ? [behaviour] : [])
        {
            Patterns = patterns,
            Nearest = evidence.HasNumbers ? Nearest.Find(evidence, bank) : null,
        };
    }

    /// <summary>Missing checks: those that would accept exactly the refused cases that were accepted.</summary>
    private static IReadOnlyList<Defect> Accepting(Evidence evidence) => evidence.Kind != EvidenceKind.Refusals ? []
        : [.. AllOperations.Named(evidence.Op).Defects.OfType<AcceptDefect>().Where(defect => Attempt.Holds(() =>
            evidence.Wrong.All(sight => defect.Accepts(sight.Case)) && !evidence.Right.Any(sight => defect.Accepts(sight.Case))))];

    /// <summary>A geometry that was not asked and in which two mistakes would answer differently.</summary>
    private string? TellingCase(IReadOnlyList<Defect> defects)
    {
        if (defects.Count < 2)
            return null;
        var operation = AllOperations.Named(defects[0].Op);
        var asked = reports.Select(report => report.Question.Case.Id).ToHashSet();
        return Enumerable.Range(0, Draws).Select(number => operation.RandomId(1, number)).OfType<string>()
            .FirstOrDefault(id => !asked.Contains(id) && Attempt.Holds(() => Tells(id)));

        bool Tells(string id)
        {
            var question = Question.AnsweredByTheOracle(operation.Draw(id));
            var (first, second) = (operation.Evaluate(question.Case, defects[0]), operation.Evaluate(question.Case, defects[1]));
            return Separation.Measure(question.Case, first, second, question.Bound) >= Separation.Least(question.Case.Tier);
        }
    }
}
