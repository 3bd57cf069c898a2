using Conformance.Suite.Diagnosing;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>
/// The result of one engine with all its judged kernels: each case, the causes of the failures, and how much the passes prove. Every report is
/// written from it.
/// </summary>
/// <param name="Engine">The engine's name.</param>
/// <param name="SuiteHash">The hash of the cases and vectors. Runs with the same hash asked the same questions.</param>
/// <param name="Cases">The cases in the order of the questions, and for each question kernel by kernel.</param>
/// <param name="Reaches">One for each operation and kernel with a judged case.</param>
/// <param name="Elapsed">The time from start to verdict.</param>
public sealed record CheckReport(
    string Engine, Declaration Declares, string SuiteHash, IReadOnlyList<CaseReport> Cases, IReadOnlyList<Finding> Findings,
        IReadOnlyList<Reach> Reaches, TimeSpan Elapsed)
{
    /// <summary>Whether the run was cancelled before all was judged. It then has no findings, and missing cases are not reported.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Why nothing was judged, in one line: the engine did not start, or did not greet. Null if it did.</summary>
    public string? Ended { get; init; }

    /// <summary>Whose the answers are, in one line, if they are not the suite's own; otherwise null. See <see cref="Origin"/>.</summary>
    public string? Fixtures { get; init; }

    /// <summary>The seed of a strict run; null if the questions are the known ones.</summary>
    public ulong? Strict { get; init; }

    /// <summary>The ids of geometries that were drawn for this run alone.</summary>
    public IReadOnlySet<string> Drawn { get; init; } = new HashSet<string>();

    /// <summary>The sources of the answers: live torch, stored vectors, the oracle.</summary>
    public string Provider => string.Join(", ", Cases.Select(report => report.Question.Source).Distinct());

    /// <summary>The gate's result; null without a gate.</summary>
    public Gate? Gate { get; init; }

    /// <summary>Whether a case was judged and none failed. An unsupported case neither passes nor fails.</summary>
    public bool IsGood => !Interrupted && Cases.Any(report => report.Verdict.IsGood()) && !Cases.Any(report => report.Verdict.IsBad());

    /// <summary>Whether the exit code is 0: by the gate if it decides, otherwise by <see cref="IsGood"/>.</summary>
    public bool IsAccepted => Gate is { Decides: true } ? Gate.IsOpen : IsGood;
}
