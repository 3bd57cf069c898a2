using Conformance.Oracle;
using Conformance.Suite.Diagnosing;

namespace Conformance.Suite.Dialects;

/// <summary>For a failure that is a convention elsewhere: what to declare if it is meant.</summary>
public static class Advice
{
    /// <summary><c>declare "max_pool_ties": "split" if you mean it</c>; null where the cause is no convention.</summary>
    public static string? Of(Cause cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        // What is so in one pass alone is meant by nobody.
        var mistakes = cause.Fit == Fit.OnePass ? [] : cause.Explanations.SelectMany(defect => defect.Parts).Select(part => part.Id).ToHashSet();
        var declared = Conventions.All.Where(one => one.Mistakes.Any(mistakes.Contains)).Select(one => one.Declared)
            .Concat(cause.Explanations.Count == 0 ? cause.Patterns.Select(pattern => pattern.Declare).OfType<string>() : []).Distinct().ToArray();
        return declared.Length == 0 ? null : $"declare {string.Join(" or ", declared)} if you mean it";
    }

    /// <summary>The convention of axes that a tensor shows whose axes are in that order; null where there is none.</summary>
    /// <param name="order">Axis i of the answer is PyTorch's axis <c>order[i]</c>.</param>
    internal static string? OfAxes(string op, string tensor, IReadOnlyList<int> order) => (tensor, string.Join(",", order)) switch
    {
        ("outputs.output" or "gradients.input", "0,2,3,1" or "0,2,1") => Of("layout", "NHWC"),
        ("gradients.weight", "2,3,1,0") => Of("conv_weight", "HWIO"),
        ("gradients.weight", "0,2,3,1") => Of("conv_weight", "OHWI"),
        ("gradients.weight", "1,0") => Of("linear_weight", "in,out"),
        _ => null,
    } is { } found && found.Operations.Contains(op) ? found.Declared : null;

    private static Convention Of(string name, string value) => Conventions.Named(name, value);
}
