using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>One cause of an engine's failures.</summary>
/// <param name="Evidence">
/// The evidence that it explains, of one operation. A report has one block for it, however many cases and tensors it has.
/// </param>
/// <param name="Explanations">
/// The known mistakes, single or two at once, that each give exactly this evidence. One is a diagnosis; several can't be told apart; none means that
/// no known mistake explains it.
/// </param>
public sealed record Cause(IReadOnlyList<Evidence> Evidence, IReadOnlyList<Defect> Explanations)
{
    public string Op => Evidence[0].Op;

    /// <summary>The id of the mistake, if exactly one explains the evidence; otherwise null.</summary>
    public string? Diagnosis => Explanations.Count == 1 ? Explanations[0].Id : null;

    /// <summary>Every case that fails by it, once.</summary>
    public IReadOnlyList<CaseReport> Wrong => [.. Evidence.SelectMany(evidence => evidence.Wrong).Select(sight => sight.Report).Distinct()];

    /// <summary>
    /// The smallest failing case of the first tensor, and the first of equal ones. A case with an answer comes before a refused one, because a
    /// refusal may pass if it is asked alone.
    /// </summary>
    public Sight First =>
        Evidence[0].Wrong.OrderBy(sight => sight.Case.Refused is not null).ThenBy(sight => Diagnosing.Edge.Of(sight.Report) is not null)
        .ThenBy(sight => sight.Case.Inputs.Values.Sum(input => input.Length)).First();

    /// <summary>What all of its cases are about, where that is an edge: <c>an empty batch (N = 0)</c>; else null.</summary>
    public string? Edge =>
        Wrong.Select(Diagnosing.Edge.Of).Distinct().ToArray() is var kinds && !kinds.Contains(null) ? string.Join(" or ", kinds) : null;

    /// <summary>
    /// Where it stands among others: what is clear before what is not, and what is wrong on edges and where an engine must refuse behind the rest.
    /// </summary>
    internal int Rank => Evidence[0].Kind == EvidenceKind.Refusals ? 4 : Edge is not null ? 3
        : Explanations.Count > 0 || !Evidence[0].HasNumbers ? 0 : Patterns.Count > 0 ? 1 : 2;

    /// <summary>How many cases fail in its tensors, by whatever cause; 0 where there is nothing to compare.</summary>
    public int Failures { get; init; }

    /// <summary>What the diagnosis itself threw; then nothing else is known but what fails. Else null.</summary>
    public string? Trouble { get; init; }

    /// <summary>The layout in which its tensors come, if that is wrong beside the numbers; otherwise null.</summary>
    public string? Layout { get; init; }

    /// <summary>The patterns of a cause without an explanation.</summary>
    public IReadOnlyList<Pattern> Patterns { get; init; } = [];

    /// <summary>The nearest known mistake of a cause without an explanation; null if none is near.</summary>
    public Nearest? Nearest { get; init; }

    /// <summary>How much of the explanation's effect was observed.</summary>
    public Fit Fit { get; init; }

    /// <summary>With <see cref="Fit.Conditional"/>: where the engine has the mistake, such as <c>dilation &gt; 1</c>.</summary>
    public string? Condition { get; init; }

    /// <summary>With several explanations: the id of a case in which they would differ; null if none was found.</summary>
    public string? Telling { get; init; }
}
