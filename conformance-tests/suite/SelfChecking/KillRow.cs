using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;

namespace Conformance.Suite.SelfChecking;

/// <summary>The suite's result for an engine with one known mistake.</summary>
/// <param name="Killed">The failed cases.</param>
/// <param name="Causes">The diagnosis of the failures.</param>
public sealed record KillRow(Defect Defect, IReadOnlyList<CaseReport> Killed, IReadOnlyList<Cause> Causes)
{
    /// <summary>The least number of cases that must detect a mistake, each by a clear margin.</summary>
    public const int LeastKills = 2;

    /// <summary>The cases that detect the mistake so clearly that rounding can't hide it: by ten tolerances, or by 1 in the exact tier.</summary>
    public IReadOnlyList<CaseReport> Clear { get; } = [.. Killed.Where(report => MarginOf(report) >= Separation.Least(report.Question.Case.Tier))];

    public bool IsKilled => Clear.Count >= LeastKills;

    /// <summary>
    /// The largest error in units of the tolerance; null if a case of the exact tier detects the mistake, because it has no tolerance.
    /// </summary>
    public double? Margin => Killed.Count == 0 || Killed.Any(report => report.Question.Case.Tier == Tier.Exact) ? null : Killed.Max(MarginOf);

    /// <summary>
    /// The name that the diagnosis gives; null if it gives none, or more than one. A mistake of behaviour appears in several operations, in each as a
    /// separate cause.
    /// </summary>
    public string? Diagnosis =>
        Causes.Select(cause => cause.Diagnosis).Distinct().ToArray() is [var only] && (Causes.Count == 1 || Defect is BehaviourDefect) ? only : null;

    public bool IsDiagnosed => Diagnosis == Defect.Id;

    /// <summary>Whether the diagnosis at least gives the correct class, by a name of that class or by a pattern.</summary>
    public bool IsInClass =>
        Causes.Any(cause => cause.Explanations.Any(one => one.Class == Defect.Class) || cause.Patterns.Any(pattern => pattern.Class == Defect.Class));

    /// <summary>
    /// The error of the worst tensor: in the exact tier the largest error itself; infinite if there is no number to compare.
    /// </summary>
    public static double MarginOf(CaseReport report) => report.Tensors.Where(tensor => !tensor.Passes).Select(tensor =>
        tensor.First.Count == 0
            || tensor.First.Any(
            one => !double.IsFinite(one.Expected) || !double.IsFinite(one.Actual) || (one.Bound == 0 && report.Question.Case.Tier == Tier.Bounded))
            ? double.PositiveInfinity
        : report.Question.Case.Tier == Tier.Exact ? tensor.MaxError : tensor.Worst).DefaultIfEmpty(double.PositiveInfinity).Max();
}
