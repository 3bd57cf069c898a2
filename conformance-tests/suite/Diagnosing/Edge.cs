using System.Runtime.CompilerServices;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// A case at the edge of what an operation is defined for. Engines have lines of their own for it or have forgotten it, so that what is wrong there
/// says little of the rest, and must not veto a name for it.
/// </summary>
internal static class Edge
{
    private static readonly ConditionalWeakTable<Question, StrongBox<string?>> Known = [];

    /// <summary>What the case is about, as it stands after "wrong on": <c>an empty batch (N = 0)</c>; null for an ordinary case.</summary>
    public static string? Of(CaseReport report) => Known.GetValue(report.Question, question => new(Find(question))).Value;

    private static string? Find(Question question)
    {
        var layerCase = question.Case;
        if (layerCase.Inputs.Values.Any(input => input.Length == 0))
            return "an empty batch (N = 0)";
        if (layerCase.Attributes.Has("ignore_index") && layerCase.Inputs.TryGetValue("target", out var target)
            && !target.Data.ContainsAnyExcept(layerCase.Attributes.Int("ignore_index")))
            return "a batch whose rows are all ignored";
        return layerCase.Inputs.Values.Concat(layerCase.Cotangents.Values).Any(IsNotFinite)
            || (question.Hashes is null && question.Expected.Tensors.Any(pair => IsNotFinite(pair.Value)))
                ? "NaN or infinity"
                : null;
    }

    private static bool IsNotFinite(Tensor64 tensor)
    {
        foreach (var value in tensor.Data)
            if (!double.IsFinite(value))
                return true;
        return false;
    }
}
