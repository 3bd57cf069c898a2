using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;

namespace Conformance.Suite.SelfChecking;

/// <summary>What the suite does to an engine with one known mistake.</summary>
/// <param name="Killed">The failed cases.</param>
/// <param name="Causes">What the diagnosis makes of them.</param>
public sealed record KillRow(Defect Defect, IReadOnlyList<CaseReport> Killed, IReadOnlyList<Cause> Causes)
{
    /// <summary>How many cases a mistake must die by, each by a good margin.</summary>
    public const int LeastKills = 2;

    /// <summary>The cases it dies by so clearly that no rounding could save it: ten tolerances, or 1 in the exact tier.</summary>
    public IReadOnlyList<CaseReport> Clear { get; } = [.. Killed.Where(report => MarginOf(report) >= Separation.Least(report.Question.Case.Tier))];

    public bool IsKilled => Clear.Count >= LeastKills;

    /// <summary>The largest error in units of the tolerance; null where a case of the exact tier kills it, which has none.</summary>
    public double? Margin => Killed.Count == 0 || Killed.Any(report => report.Question.Case.Tier == Tier.Exact) ? null : Killed.Max(MarginOf);

    /// <summary>
    /// The name that the diagnosis gives; null where it gives none, or more than one. A mistake of behaviour shows in several operations, in each as
    /// a cause of its own.
    /// </summary>
    public string? Diagnosis =>
        Causes.Select(cause => cause.Diagnosis).Distinct().ToArray() is [var only] && (Causes.Count == 1 || Defect is BehaviourDefect) ? only : null;

    public bool IsDiagnosed => Diagnosis == Defect.Id;

    /// <summary>Whether what is said at least puts it in its class: by a name of that class, or by a pattern.</summary>
    public bool IsInClass =>
        Causes.Any(cause => cause.Explanations.Any(one => one.Class == Defect.Class) || cause.Patterns.Any(pattern => pattern.Class == Defect.Class));

    /// <summary>
    /// How far the worst tensor is from right: in the exact tier the largest error itself; infinite where there is no number to compare.
    /// </summary>
    public static double MarginOf(CaseReport report) => report.Tensors.Where(tensor => !tensor.Passes).Select(tensor =>
        tensor.First.Count == 0
            || tensor.First.Any(
            one => !double.IsFinite(one.Expected) || !double.IsFinite(one.Actual) || (one.Bound == 0 && report.Question.Case.Tier == Tier.Bounded))
            ? double.PositiveInfinity
        : report.Question.Case.Tier == Tier.Exact ? tensor.MaxError : tensor.Worst).DefaultIfEmpty(double.PositiveInfinity).Max();
}
