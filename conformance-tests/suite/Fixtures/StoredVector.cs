using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Fixtures;

/// <summary>Where a stored answer came from.</summary>
/// <param name="Reference">What computed it, as of the last full regeneration: <c>TorchSharp 0.107.0 (libtorch 2.10.0)</c>.</param>
/// <param name="ReferenceFloat32Error">
/// The largest |float32 − expected| of the oracle's plain engine over its orders of summation, in units of the tolerance; 0 in the exact tier. Its
/// name is from when torch's own float32 was measured, which is wrong on some machines.
/// </param>
public sealed record Provenance(string Reference, string Generator, double ReferenceFloat32Error)
{
    /// <summary>The one command that makes stored vectors.</summary>
    public const string Command = "tools/conformance fixtures regenerate";
}

/// <summary>One file of <c>fixtures/&lt;op&gt;/</c>: a case with its answer, generated from torch, never edited by hand.</summary>
/// <param name="Question">The case and its answer; of a recipe the hashes of its answer.</param>
/// <param name="Separation">
/// For each defect the case claims to catch, how far its answer is from the right one at the worst element: in the exact tier the difference
/// itself, in the bounded tier in units of the tolerance.
/// </param>
public sealed record StoredVector(Question Question, IReadOnlyDictionary<string, double> Separation, Provenance Provenance)
{
    public LayerCase Case => Question.Case;

    public LayerResult Expected => Question.Expected;

    public ErrorBound Bound => Question.Bound;

    /// <summary>Whether the file keeps fills and hashes in place of numbers.</summary>
    public bool IsRecipe => Question.Hashes is not null;
}
