using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// The first and best evidence: a mistake is made on purpose and answers the same questions. It explains a tensor if it reproduces what the engine
/// answered in <b>every</b> failing case, and it is out if it would have been seen in a case that the engine <b>passes</b>.
/// </summary>
public static class Replay
{
    /// <summary>How far an engine's rounding may take it from the replayed answer, in units of float32 of the tensor's largest element: the replay has another scale than the
    /// right answer, whose tolerance says nothing of it.</summary>
    private const double Roundings = 64;

    /// <summary>In tolerances of the right answer.</summary>
    private const double Bounds = 4;

    /// <summary>
    /// Of the error of the elements that are wrong, no more than this may be left unexplained: as much as a right engine's rounding may take of a
    /// tolerance, and some.
    /// </summary>
    private const double Leftover = 1 / 3.0;

    /// <summary>
    /// The failing ones first, and the small before the large: what a mistake does not explain is then found soonest. Recipes, which are too large to
    /// answer over and over, are left out; a mistake that shows in nothing else is not replayed.
    /// </summary>
    public static IReadOnlyList<CaseReport> Ordered(IEnumerable<CaseReport> reports) =>
        [.. reports.Where(report => report.Tensors.Count > 0 && report.Question.Hashes is null).OrderBy(report => report.Verdict.IsGood())
            .ThenBy(report => report.Tensors.Sum(tensor => tensor.Count))];

    /// <param name="reports">All of one operation, <see cref="Ordered"/>.</param>
    /// <returns>Null where it explains no tensor.</returns>
    public static Explained? Explain(Defect defect, IReadOnlyList<CaseReport> reports, Bank bank) => Explain(defect, reports, bank, null);

    /// <param name="tensor">
    /// The one that is to be explained, with no passing case against it: where that is lost the rest is not asked, and the result is null. Null for
    /// any.
    /// </param>
    internal static Explained? Explain(Defect defect, IReadOnlyList<CaseReport> reports, Bank bank, string? tensor)
    {
        var open = reports.SelectMany(report => report.Tensors).Where(tensor => !tensor.Passes).Select(tensor => tensor.Name).ToHashSet();
        var (otherwise, contradictions) = (new HashSet<string>(), new Dictionary<string, IReadOnlyList<CaseReport>>());
        foreach (var report in reports)
        {
            if (IsLost())
                return null;
            if (bank.Shows(defect, report.Question) is not { } shown)
                return null; // an engine with it would have answered nothing
            foreach (var seen in report.Tensors)
            {
                var wrong = shown.GetValueOrDefault(seen.Name);
                if (seen.Passes)
                {
                    if (wrong is { IsClear: true })
                        contradictions[seen.Name] = [.. contradictions.GetValueOrDefault(seen.Name, []), report];
                }
                else if (wrong is null || !Reproduces(wrong, new(report, seen)))
                {
                    open.Remove(seen.Name);
                    if (wrong is { IsClear: true })
                        otherwise.Add(seen.Name);
                }
            }
        }
        otherwise.ExceptWith(open);
        return IsLost() ? null : new(defect, open, otherwise, contradictions);

        bool IsLost() => tensor is null ? open.Count == 0
            : !open.Contains(tensor) || contradictions.Keys.Any(name => Explained.PassOf(name) == Explained.PassOf(tensor));
    }

    /// <summary>Whether the engine answered what an engine with the mistake would.</summary>
    public static bool Reproduces(Symptom shown, Sight sight)
    {
        var (answer, actual) = (shown.Answer, sight.Actual);
        if (answer is null || actual is null)
            return answer is null && actual is null;
        if (!actual.HasShape(answer.Shape))
            return false;
        var (scale, left, all) = (0.0, 0.0, 0.0);
        foreach (var value in answer.Data)
            if (double.IsFinite(value))
                scale = Math.Max(scale, Math.Abs(value));
        var expected = answer.HasShape(sight.Expected.Shape) ? sight.Expected : null;
        for (var i = 0; i < actual.Length; i++)
        {
            var single = (double)(float)answer[i];
            if (!double.IsFinite(single) || !double.IsFinite(actual[i]))
            {
                if (!single.Equals(actual[i]))
                    return false;
                continue;
            }
            var (error, bound) = (Math.Abs(actual[i] - answer[i]), expected is null ? 0 : sight.Bound.At(sight.Comparison!.Name, i));
            if (error > Bounds * bound + Roundings * ErrorBound.U * (Math.Abs(answer[i]) + scale))
                return false;
            if (expected is not null && Math.Abs(actual[i] - expected[i]) is var wrong && wrong > bound)
                (left, all) = (left + error, all + wrong);
        }
        return left <= Leftover * all;
    }
}
