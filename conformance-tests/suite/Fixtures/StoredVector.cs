using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>Where a stored answer came from.</summary>
/// <param name="Reference">What computed it: <c>libtorch 1.13.1</c>.</param>
/// <param name="ReferenceFloat32Error">The largest |float32 − float64| of the reference itself, in units of the tolerance; 0 in the exact tier.</param>
public sealed record Provenance(string Reference, string Generator, double ReferenceFloat32Error);

/// <summary>One file of <c>fixtures/&lt;op&gt;/</c>: a case with its answer, generated from torch, never edited by hand.</summary>
/// <param name="Separation">
/// For each defect the case claims to catch, how far its answer is from the right one at the worst element: in the exact tier the difference
/// itself, in the bounded tier in units of the tolerance.
/// </param>
public sealed record StoredVector(
    LayerCase Case, LayerResult Expected, ErrorBound Bound, IReadOnlyDictionary<string, double> Separation, Provenance Provenance)
{
    public Question Question => new(Case, Expected, Bound, $"the stored vector, {Provenance.Reference}");
}
