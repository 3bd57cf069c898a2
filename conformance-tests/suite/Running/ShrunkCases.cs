using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>The failures of random geometries, reduced as far as possible.</summary>
public static class ShrunkCases
{
    /// <summary>For each failing operation and kernel, the smallest case to which its first failure can be reduced.</summary>
    public static IReadOnlyList<CaseReport> Find(IEnumerable<CaseReport> reports, IReadOnlyList<ISubject> subjects, CancellationToken cancel) =>
        [.. reports.Where(report => report.Verdict is Verdict.Fail or Verdict.Error)
            .GroupBy(report => (report.Question.Case.Op, report.Kernel))
            .Select(group => Shrink(group.First(), subjects.Single(subject => subject.Kernel == group.Key.Kernel), cancel))];

    private static CaseReport Shrink(CaseReport failure, ISubject subject, CancellationToken cancel)
    {
        var (id, seed) = (failure.Question.Case.Id, failure.Question.Case.Seed);
        var smallest = Shrinker.Smallest(id, seed, FailsAlike);
        return smallest == id ? failure : Judged(AllOperations.Draw(smallest, seed));

        bool FailsAlike(LayerCase layerCase)
        {
            cancel.ThrowIfCancellationRequested();
            return Judged(layerCase).Verdict == failure.Verdict;
        }

        CaseReport Judged(LayerCase layerCase) => Judge.Run(subject, Question.AnsweredByTheOracle(layerCase));
    }
}
