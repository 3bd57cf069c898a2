using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>
/// An engine whose backward pass updates the parameters at once: p ← p − lr·dp. It is asked with <c>lr</c> 1 and answers each parameter as it is
/// afterwards, as an output of the parameter's name, so that dp is what it was minus what it is.
/// <para>
/// With integers that difference is exact. Else p − dp is rounded to the digits of p, and of a small dp few are left; there the parameters' gradients
/// come from a second question with all parameters zero, 0 − dp being exact, since no such gradient depends on the parameter itself. Outputs and the
/// input's gradient are those of the first, where an input gradient that is computed from the updated weight shows.
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
    /// Who leaves out a parameter's value afterwards leaves out its gradient. That of a fused layer can't be asked with zeros, and is left out where
    /// it would be rounded.
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
