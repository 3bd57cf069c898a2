using Conformance.Suite.Diagnosing;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>
/// What came of one engine, with all kernels that were judged: each case, the causes of what failed, and how much the passes mean. Every report is
/// written from it.
/// </summary>
/// <param name="Engine">Its name.</param>
/// <param name="SuiteHash">Of the cases and vectors: runs with the same hash asked the same questions.</param>
/// <param name="Cases">In the order of the questions, kernel by kernel for each.</param>
/// <param name="Reaches">One for each operation and kernel in which something was judged.</param>
/// <param name="Elapsed">From start to verdict.</param>
public sealed record CheckReport(
    string Engine, Declaration Declares, string SuiteHash, IReadOnlyList<CaseReport> Cases, IReadOnlyList<Finding> Findings,
        IReadOnlyList<Reach> Reaches, TimeSpan Elapsed)
{
    /// <summary>Whether it was ended before all was judged. It has no findings then, and says nothing of what is missing.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Who answered: live torch, stored vectors, the oracle.</summary>
    public string Provider => string.Join(", ", Cases.Select(report => report.Question.Source).Distinct());

    /// <summary>What the gate says, where one was asked for.</summary>
    public Gate? Gate { get; init; }

    /// <summary>Something was judged, and nothing failed. What is unsupported neither passes nor fails.</summary>
    public bool IsGood => !Interrupted && Cases.Any(report => report.Verdict.IsGood()) && !Cases.Any(report => report.Verdict.IsBad());

    /// <summary>What the exit code says: the gate where it decides, else whether the run is good.</summary>
    public bool IsAccepted => Gate is { Decides: true } ? Gate.IsOpen : IsGood;
}
