using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>How much of what a mistake would show was seen.</summary>
public enum Fit
{
    /// <summary>All: every failing case is as it would be, and no passing case contradicts it.</summary>
    Whole,

    /// <summary>All of one pass; in the others the engine does not have it.</summary>
    OnePass,

    /// <summary>
    /// Every failing case, which all have a property that the passing ones it would show in have not: a way through the engine that is taken there
    /// alone.
    /// </summary>
    Conditional,

    /// <summary>Some of the failing cases: another mistake is there beside it.</summary>
    Share,
}

/// <summary>What a mistake explains of one operation's reports.</summary>
/// <param name="Tensors">The tensors in which it gives what the engine answered, in every case that is wrong there.</param>
/// <param name="Otherwise">Tensors in which it would be seen too and the engine is wrong in another way.</param>
/// <param name="Contradictions">The passing cases in which it would be seen, by tensor.</param>
public sealed record Explained(
    Defect Defect, IReadOnlySet<string> Tensors, IReadOnlySet<string> Otherwise, IReadOnlyDictionary<string,
        IReadOnlyList<CaseReport>> Contradictions)
{
    /// <summary>The tensors that it explains with that much of a fit, of those that are still to be explained.</summary>
    public IReadOnlyList<Evidence> Covered(Fit fit, IEnumerable<Evidence> open) => fit switch
    {
        Fit.Whole => Contradictions.Count == 0 && Otherwise.Count == 0 ? [.. open.Where(one => Tensors.Contains(one.Tensor))] : [],
        Fit.OnePass => [.. open.Where(one => Tensors.Contains(one.Tensor) && !Against.Any(tensor => PassOf(tensor) == PassOf(one.Tensor)))],
        _ => [.. open.Where(
            one => Tensors.Contains(one.Tensor) && !Otherwise.Any(tensor => PassOf(tensor) == PassOf(one.Tensor)) && ConditionOf(one) is not null)],
    };

    /// <summary>
    /// What the wrong cases have, and no passing case that the mistake would show in; null where one case alone is wrong, or nothing parts them.
    /// </summary>
    public string? ConditionOf(Evidence evidence)
    {
        var contradicting = Contradictions.Where(pair => PassOf(pair.Key) == PassOf(evidence.Tensor)).SelectMany(pair => pair.Value).ToHashSet();
        return evidence.Wrong.Count < 2 || contradicting.Count == 0 ? null
            : Conditions.Exact(evidence with { Right = [.. contradicting.Select(report => new Sight(report, null))] }) is [var first, ..]
                && !first.IsOfNumbers ? first.Name : null;
    }

    private IEnumerable<string> Against => Otherwise.Concat(Contradictions.Keys);

    /// <summary>
    /// The part of an engine that computes a tensor. The outputs come out of one pass, but for batch norm's running statistics, which are kept by
    /// lines of their own.
    /// </summary>
    internal static string PassOf(string tensor) =>
        tensor.StartsWith("gradients.", StringComparison.Ordinal) || tensor.StartsWith("outputs.running", StringComparison.Ordinal)
        ? tensor
        : "outputs";
}
