using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>
/// An engine whose backward pass also updates the parameters: p ← p − lr·dp. It is asked with <c>lr</c> 1 and answers each updated parameter as
/// an output of the parameter's name. dp is the difference.
/// <para>
/// With integers that difference is exact. Otherwise p − dp is rounded to the digits of p, and a small dp keeps few digits. The gradients of the
/// parameters then come from a second question with all parameters zero, in which 0 − dp is exact; no such gradient depends on the parameter
/// itself. Outputs and the input's gradient come from the first question, so that an input gradient computed from the updated weight is visible.
/// </para>
/// </summary>
internal sealed class UpdatingBackward(ISubject engine) : Translator(engine)
{
    private static readonly string[] Parameters = ["weight", "bias"];

    protected override IEnumerable<LayerCase> Asked(LayerCase layerCase)
    {
        var hasParameters = layerCase.Op == FusedLoss.Operation
            || AllOperations.KindOf(layerCase.Op) is OperationKind.Convolution or OperationKind.Linear or OperationKind.Normalization;
        if (!hasParameters || !Parameters.Any(layerCase.Inputs.ContainsKey))
            return [layerCase];
        var asked = layerCase with { Attributes = layerCase.Attributes.With("lr", 1) };
        return layerCase.Tier == Tier.Exact || layerCase.Refused is not null || layerCase.Op == FusedLoss.Operation
            ? [asked]
            : [asked,
                asked with { Id = asked.Id
                + "@zero",
                Inputs = asked.Inputs.ToDictionary(
                pair => pair.Key, pair => Parameters.Contains(pair.Key) ? pair.Value.Select(_ => 0) : pair.Value) }];
    }

    protected override LayerResult Combine(LayerCase layerCase, IReadOnlyList<LayerCase> asked, IReadOnlyList<LayerResult> replies)
    {
        var gradients = replies[0].Gradients.ToDictionary();
        foreach (var name in Parameters)
            if (!IsRounded(layerCase) && asked[^1].Inputs.TryGetValue(name, out var before) && replies[^1].Outputs.TryGetValue(name, out var after)
                && after.HasShape(before.Shape))
                gradients[name] = new(before.Shape, [.. Enumerable.Range(0, before.Length).Select(i => before[i] - after[i])]);
        return new(replies[0].Outputs.Where(pair => !Parameters.Contains(pair.Key)).ToDictionary(), gradients);
    }

    /// <summary>
    /// If the value of an updated parameter is left out, so is its gradient. A fused layer can't be asked with zeros, so its gradients are left out
    /// where they would be rounded.
    /// </summary>
    protected override Dictionary<string, string> LeftOut(LayerCase layerCase, IReadOnlyList<LayerResult> replies)
    {
        var names = base.LeftOut(layerCase, replies).DistinctBy(pair => OfGradient(pair.Key))
            .ToDictionary(pair => OfGradient(pair.Key), pair => pair.Value);
        if (IsRounded(layerCase))
            foreach (var name in Parameters)
                names["gradients." + name] = "a fused layer that updates its parameters rounds a small gradient away";
        return names;

        static string OfGradient(string name) =>
            name is "outputs.weight" or "outputs.bias" ? name.Replace("outputs.", "gradients.", StringComparison.Ordinal) : name;
    }

    private static bool IsRounded(LayerCase layerCase) => layerCase.Op == FusedLoss.Operation && layerCase.Tier == Tier.Bounded;
}
