using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// The first and best evidence. An engine with a known mistake answers the same questions. The mistake explains a tensor if it gives the engine's
/// answer in <b>every</b> failing case. It is rejected if it changes the answer of a <b>passing</b> case.
/// </summary>
public static class Replay
{
    /// <summary>
    /// One part of the allowed distance from the replayed answer, in float32 units of the tensor's largest element. The tolerance of the correct
    /// answer alone does not suffice, because the two answers may have different scales.
    /// </summary>
    private const double Roundings = 64;

    /// <summary>The other part of the allowed distance, in tolerances of the correct answer.</summary>
    private const double Bounds = 4;

    /// <summary>
    /// The largest fraction of the error of the wrong elements that may stay unexplained. It is a little more than the part of a tolerance that a
    /// correct engine's rounding may take.
    /// </summary>
    private const double Leftover = 1 / 3.0;

    /// <summary>
    /// Orders the reports: failing before passing, small before large, so that a wrong mistake is rejected early. Recipes are left out, because they
    /// are too large to answer many times. A mistake that is visible in recipes only is not replayed.
    /// </summary>
    public static IReadOnlyList<CaseReport> Ordered(IEnumerable<CaseReport> reports) =>
        [.. reports.Where(report => report.Tensors.Count > 0 && report.Question.Hashes is null).OrderBy(report => report.Verdict.IsGood())
            .ThenBy(report => report.Tensors.Sum(tensor => tensor.Count))];

    /// <summary>The names of the tensors that are wrong in some case.</summary>
    internal static IReadOnlySet<string> WrongTensors(IEnumerable<CaseReport> reports) =>
        reports.SelectMany(report => report.Tensors).Where(tensor => !tensor.Passes).Select(tensor => tensor.Name).ToHashSet();

    /// <param name="reports">The reports of one operation, in the order of <see cref="Ordered"/>.</param>
    /// <param name="wrong">The <see cref="WrongTensors"/> of the reports, the same for every mistake.</param>
    /// <param name="tensor">
    /// The tensor that must be explained, without a contradicting case; null for any. The replay stops and returns null as soon as this tensor is no
    /// longer explained.
    /// </param>
    /// <returns>The explained tensors; null if there are none.</returns>
    internal static Explained? Explain(
        Defect defect, IReadOnlyList<CaseReport> reports, IReadOnlySet<string> wrong, Bank bank, string? tensor)
    {
        var open = new HashSet<string>(wrong);
        var (otherwise, contradictions) = (new HashSet<string>(), new Dictionary<string, IReadOnlyList<CaseReport>>());
        foreach (var report in reports)
        {
            if (IsLost())
                return null;
            if (bank.Shows(defect, report.Question) is not { } shown)
                return null; // an engine with it would have answered nothing
            foreach (var seen in report.Tensors)
            {
                var symptom = shown.GetValueOrDefault(seen.Name);
                if (seen.Passes)
                {
                    if (symptom is { IsClear: true })
                        contradictions[seen.Name] = [.. contradictions.GetValueOrDefault(seen.Name, []), report];
                }
                else if (symptom is null || !Reproduces(symptom, new(report, seen)))
                {
                    open.Remove(seen.Name);
                    if (symptom is { IsClear: true })
                        otherwise.Add(seen.Name);
                }
            }
        }
        otherwise.ExceptWith(open);
        return IsLost() ? null : new(defect, open, otherwise, contradictions);

        bool IsLost() => tensor is null ? open.Count == 0
            : !open.Contains(tensor) || contradictions.Keys.Any(name => Explained.PassOf(name) == Explained.PassOf(tensor));
    }

    /// <summary>Whether the engine's answer is that of an engine with the mistake, in the tensor of the sight.</summary>
    public static bool Reproduces(Defect defect, Sight sight, Bank bank) => bank.Shows(defect, sight) is { } shown && Reproduces(shown, sight);

    /// <summary>The same for what the mistake shows in that tensor.</summary>
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
            if (Math.Abs(single) == float.MaxValue && actual[i] / single >= 1)
                continue; // the largest number of a wider type
            var (error, bound) = (Math.Abs(actual[i] - answer[i]), expected is null ? 0 : sight.Bound.At(sight.Comparison!.Name, i));
            if (error > Bounds * bound + Roundings * ErrorBound.U * (Math.Abs(answer[i]) + scale))
                return false;
            if (expected is not null && Math.Abs(actual[i] - expected[i]) is var wrong && wrong > bound)
                (left, all) = (left + error, all + wrong);
        }
        return left <= Leftover * all;
    }
}
