using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Suite.SelfChecking;

/// <summary>
/// Chooses the cases of a <see cref="QuickSet"/>: a greedy cover of the kill matrix. The next case is the one that detects most of the remaining
/// mistakes, the smaller of two.
/// </summary>
public static class QuickCover
{
    /// <param name="questions">The stored questions, in order.</param>
    public static QuickSet Choose(IReadOnlyList<Question> questions, CancellationToken cancel)
    {
        var needed = Defects(questions).ToDictionary(defect => defect.Id, _ => KillRow.LeastKills);
        var left = Kills(questions, cancel).Select((killed, i) => (Killed: killed, Question: questions[i])).OrderBy(one => Elements(one.Question))
            .ToList();
        var chosen = new HashSet<string>();
        while (needed.Values.Any(missing => missing > 0))
        {
            var best = left.MaxBy(one => one.Killed.Count(id => needed[id] > 0));
            if (best.Killed is null || best.Killed.All(id => needed[id] == 0))
                break; // the self-check reports mistakes that no two cases detect
            foreach (var id in best.Killed)
                needed[id] = Math.Max(0, needed[id] - 1);
            chosen.Add(best.Question.Case.Id);
            left.Remove(best);
        }
        return new([.. questions.Select(question => question.Case.Id).Where(chosen.Contains)]);
    }

    /// <summary>The known mistakes that fewer than two of these questions detect.</summary>
    public static IReadOnlyList<string> Survivors(IReadOnlyList<Question> questions, CancellationToken cancel)
    {
        var dead = Kills(questions, cancel).SelectMany(killed => killed).CountBy(id => id).Where(count => count.Value >= KillRow.LeastKills)
            .Select(count => count.Key).ToHashSet();
        return [.. AllOperations.Names.SelectMany(name => AllOperations.Named(name).Defects).Select(defect => defect.Id)
            .Where(id => !dead.Contains(id))];
    }

    /// <summary>The mistakes that each question detects clearly.</summary>
    private static IReadOnlyList<IReadOnlyList<string>> Kills(IReadOnlyList<Question> questions, CancellationToken cancel) =>
        [.. questions.AsParallel().AsOrdered().WithCancellation(cancel).Select(question => AllOperations.Named(question.Case.Op).Defects
            .Where(defect => Separation.Measure(question, defect) >= Separation.Least(question.Case.Tier)).Select(defect => defect.Id).ToArray())];

    private static IEnumerable<Defect> Defects(IReadOnlyList<Question> questions) =>
        questions.Select(question => question.Case.Op).Distinct().SelectMany(op => AllOperations.Named(op).Defects);

    private static int Elements(Question question) =>
        question.Case.Inputs.Values.Concat(question.Case.Cotangents.Values).Sum(tensor => tensor.Length);
}
