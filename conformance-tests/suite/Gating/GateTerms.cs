using Conformance.Suite.Judging;

namespace Conformance.Suite.Gating;

/// <summary>What a run is held against.</summary>
/// <param name="Known">What may fail; null for nothing.</param>
/// <param name="Earlier">The run to compare with; null for none.</param>
/// <param name="Stored">Every id that exists: an entry for a case that was left out of this run alone is not stale.</param>
public sealed record GateTerms(KnownFailures? Known, IReadOnlyList<EarlierCase>? Earlier, IReadOnlyCollection<string> Stored)
{
    /// <summary>Whether the run is judged by the gate.</summary>
    public bool Decides { get; init; } = true;

    /// <summary>What the gate says of a run.</summary>
    public Gate Decide(IReadOnlyList<CaseReport> cases) => Gate.Decide(cases, Known, Earlier ?? [], Stored) with { Decides = Decides };
}
