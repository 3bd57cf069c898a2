using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>How much of a mistake's effect was observed.</summary>
public enum Fit
{
    /// <summary>All of it: the mistake gives the engine's answer in every failing case, and no passing case contradicts it.</summary>
    Whole,

    /// <summary>All of it in one pass. In the other passes the engine does not have the mistake.</summary>
    OnePass,

    /// <summary>
    /// Every failing case. These have a property that is absent from the passing cases in which the mistake would be visible: the engine has the
    /// mistake in one branch of its code only.
    /// </summary>
    Conditional,

    /// <summary>Some of the failing cases: another mistake is there beside it.</summary>
    Share,
}

/// <summary>The part of one operation's reports that a mistake explains.</summary>
/// <param name="Tensors">The tensors for which the mistake gives the engine's answer in every failing case.</param>
/// <param name="Otherwise">The tensors in which the mistake would be visible too, but the engine's answer is another.</param>
/// <param name="Contradictions">The passing cases in which the mistake would be visible, by tensor.</param>
public sealed record Explained(
    Defect Defect, IReadOnlySet<string> Tensors, IReadOnlySet<string> Otherwise, IReadOnlyDictionary<string,
        IReadOnlyList<CaseReport>> Contradictions)
{
    /// <summary>The still unexplained tensors that the mistake explains with this fit.</summary>
    public IReadOnlyList<Evidence> Covered(Fit fit, IEnumerable<Evidence> open) => fit switch
    {
        Fit.Whole => Contradictions.Count == 0 && Otherwise.Count == 0 ? [.. open.Where(one => Tensors.Contains(one.Tensor))] : [],
        Fit.OnePass => [.. open.Where(one => Tensors.Contains(one.Tensor) && !Against.Any(tensor => PassOf(tensor) == PassOf(one.Tensor)))],
        _ => [.. open.Where(
            one => Tensors.Contains(one.Tensor) && !Otherwise.Any(tensor => PassOf(tensor) == PassOf(one.Tensor)) && ConditionOf(one) is not null)],
    };

    /// <summary>
    /// A property of the failing cases that is absent from every passing case in which the mistake would be visible. Null if only one case fails, or
    /// no property separates them.
    /// </summary>
    public string? ConditionOf(Evidence evidence)
    {
        var contradicting = Contradictions.Where(pair => PassOf(pair.Key) == PassOf(evidence.Tensor)).SelectMany(pair => pair.Value).ToHashSet();
        return evidence.Wrong.Count < 2 || contradicting.Count == 0 ? null
            : Conditions.Parting(evidence with { Right = [.. contradicting.Select(report => new Sight(report, null))] });
    }

    private IEnumerable<string> Against => Otherwise.Concat(Contradictions.Keys);

    /// <summary>
    /// The part of an engine that computes a tensor. One pass computes all outputs, except batch norm's running statistics, which have separate code.
    /// </summary>
    internal static string PassOf(string tensor) =>
        tensor.StartsWith("gradients.", StringComparison.Ordinal) || tensor.StartsWith("outputs.running", StringComparison.Ordinal)
        ? tensor
        : "outputs";
}
