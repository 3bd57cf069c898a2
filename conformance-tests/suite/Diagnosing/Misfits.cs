using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// The cases in which an engine throws. A misread option gives its output another size there, and the output gradient no longer fits. Which cases
/// these are tells the mistake, as its numbers do in the others.
/// </summary>
internal static class Misfits
{
    /// <summary>So many cases must throw: two mistakes agree in a single one by chance.</summary>
    private const int Fewest = 2;

    /// <summary>The causes, with the cases that throw joined to those that explain them, or with a cause of their own.</summary>
    public static void Join(List<Cause> causes, IReadOnlyList<Evidence> evidence, IReadOnlyList<CaseReport> reports, Bank bank)
    {
        var throwing = evidence.Where(one => one.Fault is Fault.Threw or Fault.Refused).SelectMany(one => one.Wrong)
            .Where(sight => IsOrdinary(sight.Report)).ToArray();
        if (throwing.Length < Fewest)
            return;
        var others = reports.Where(report => report.Tensors.Count > 0 && IsOrdinary(report)).ToArray();
        for (var i = 0; i < causes.Count; i++)
            if (causes[i].Explanations.Where(Explains).ToArray() is { Length: > 0 } narrower)
            {
                causes[i] = Joined(causes[i] with
                {
                    Explanations = narrower,
                    Failures = causes[i].Failures + throwing.Length,
                    Telling = narrower.Length == 1 ? null : causes[i].Telling,
                });
                return;
            }
        if (bank.Defects(reports[0].Question.Case.Op).Where(defect => Explains(defect) && !others.Any(other => Contradicts(defect, other))).ToArray()
            is { Length: > 0 } alone)
            causes.Add(Joined(new([], alone)));

        bool Explains(Defect defect) => throwing.All(sight => IsMisfit(defect, sight.Report))
            && !others.Any(report => report.Tensors.All(tensor => tensor.Passes) && IsMisfit(defect, report));

        bool IsMisfit(Defect defect, CaseReport report) => bank.Shows(defect, report.Question) is { } shown
            && report.Question.Expected.Outputs.Any(output => shown.TryGetValue("outputs." + output.Key, out var symptom)
                && symptom.Answer?.HasShape(output.Value.Shape) != true);

        bool Contradicts(Defect defect, CaseReport report) => bank.Shows(defect, report.Question) is not { } shown
            || report.Tensors.Any(tensor => tensor.Passes && shown.GetValueOrDefault(tensor.Name) is { IsClear: true });

        Cause Joined(Cause cause) => cause with
        {
            Evidence = [.. cause.Evidence, .. evidence.Where(one => one.Wrong.Any(throwing.Contains)).Select(one =>
                one with { Wrong = [.. one.Wrong.Where(throwing.Contains)] })],
        };
    }

    /// <summary>What is left of faults when the causes have taken theirs.</summary>
    public static IEnumerable<Evidence> Left(IEnumerable<Evidence> faults, IReadOnlyList<Cause> causes)
    {
        var taken = causes.SelectMany(cause => cause.Evidence).SelectMany(one => one.Wrong).ToHashSet();
        return faults.Select(one => one with { Wrong = [.. one.Wrong.Where(sight => !taken.Contains(sight))] }).Where(one => one.Wrong.Count > 0);
    }

    private static bool IsOrdinary(CaseReport report) =>
        report.Question is { Hashes: null, Case.Refused: null } && Edge.Of(report) is null;
}
