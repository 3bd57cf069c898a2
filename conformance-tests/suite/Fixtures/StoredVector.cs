using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Fixtures;

/// <summary>The origin of a stored answer.</summary>
/// <param name="Reference">The library of the last full regeneration: <c>TorchSharp 0.107.0 (libtorch 2.10.0)</c>.</param>
/// <param name="ReferenceFloat32Error">
/// The largest |float32 − expected| of the oracle's plain engine over its orders of summation, in units of the tolerance; 0 in the exact tier. The
/// name is from a time when torch's own float32 was measured, which is wrong on some machines.
/// </param>
public sealed record Provenance(string Reference, string Generator, double ReferenceFloat32Error)
{
    /// <summary>The command that creates stored vectors.</summary>
    public const string Command = "tools/conformance fixtures regenerate";
}

/// <summary>One file of <c>fixtures/&lt;op&gt;/</c>: a case with its answer, generated from torch and never edited by hand.</summary>
/// <param name="Question">The case and its answer; a recipe has the hashes of the answer.</param>
/// <param name="Separation">
/// For each defect that the case claims to catch, the largest difference of its answer from the correct one: in the exact tier the difference itself,
/// in the bounded tier in units of the tolerance.
/// </param>
public sealed record StoredVector(Question Question, IReadOnlyDictionary<string, double> Separation, Provenance Provenance)
{
    public LayerCase Case => Question.Case;

    public LayerResult Expected => Question.Expected;

    public ErrorBound Bound => Question.Bound;

    /// <summary>Whether the file contains fills and hashes instead of numbers.</summary>
    public bool IsRecipe => Question.Hashes is not null;
}
