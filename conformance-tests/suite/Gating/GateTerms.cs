using Conformance.Suite.Judging;

namespace Conformance.Suite.Gating;

/// <summary>The known failures and the earlier run with which a run is compared.</summary>
/// <param name="Known">The known failures; null for none.</param>
/// <param name="Earlier">The earlier run; null for none.</param>
/// <param name="Stored">Every id that exists. An entry for a case that only this run left out is not stale.</param>
public sealed record GateTerms(KnownFailures? Known, IReadOnlyList<EarlierCase>? Earlier, IReadOnlyCollection<string> Stored)
{
    /// <summary>Whether the gate decides the result of the run.</summary>
    public bool Decides { get; init; } = true;

    /// <summary>Computes the gate for a run.</summary>
    public Gate Decide(IReadOnlyList<CaseReport> cases) => Gate.Decide(cases, Known, Earlier ?? [], Stored) with { Decides = Decides };
}
