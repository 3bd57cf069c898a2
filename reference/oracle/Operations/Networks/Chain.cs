namespace Conformance.Oracle.Operations;

/// <summary>A layer of a network.</summary>
/// <param name="Name">The prefix of its inputs' names.</param>
public sealed record ChainLayer(string Name, Operation Operation, Attributes Attributes);

/// <summary>
/// A sequence of layers followed by mean cross entropy. One forward and backward pass uses the oracle's own operations, so their tests hold for it.
/// </summary>
public static class Chain
{
    private static readonly ChainLayer Loss = new("loss", new CrossEntropyOperation(), Attributes.FromPairs(("reduction", "mean")));

    /// <summary>
    /// Outputs: each layer's by its name, <c>logits</c> (the last layer's), <c>loss</c>, and the other outputs of a layer, such as
    /// <c>bn1.running_mean</c>. Gradients: of <c>input</c>, of each parameter, and of each layer's output by its name; the last layer's also as
    /// <c>logits</c>.
    /// </summary>
    /// <param name="state">The inputs <c>input</c> and <c>target</c> [N], and each layer's other inputs, such as <c>conv1.weight</c>.</param>
    /// <param name="float32">The order of float32 summation; null for float64.</param>
    /// <param name="defectOf">In float64, the defect of a layer by its name; <c>loss</c> counts as a layer.</param>
    public static LayerResult Run(
        IReadOnlyList<ChainLayer> layers, IReadOnlyDictionary<string, Tensor64> state, Summation? float32 = null, Func<string,
            Defect?>? defectOf = null)
    {
        var (outputs, gradients, cases) = (new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor64>(), new LayerCase[layers.Count]);
        var x = state["input"];
        for (var i = 0; i < cases.Length; i++)
        {
            var (layer, prefix) = (layers[i], layers[i].Name + ".");
            var inputs = state.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
            inputs["input"] = x;
            cases[i] = Case(layer.Operation, layer.Attributes, inputs);
            // an operation that is a formula has no separate forward pass
            var answer = Answer(layer, layer.Operation is TapOperation ? cases[i] : Upstream(cases[i], Tensor64.Zeros(x.Shape)));
            foreach (var (name, tensor) in answer.Outputs.Where(output => output.Key != "output"))
                outputs[prefix + name] = tensor;
            outputs[layer.Name] = x = answer.Outputs["output"];
        }
        var loss = Answer(Loss, Case(Loss.Operation, Loss.Attributes, new() { ["input"] = x, ["target"] = state["target"] }));
        (outputs["logits"], outputs["loss"]) = (x, loss.Outputs["output"]);

        var dy = gradients["logits"] = loss.Gradients["input"];
        for (var i = cases.Length - 1; i >= 0; i--)
        {
            gradients[layers[i].Name] = dy;
            var answer = Answer(layers[i], Upstream(cases[i], dy));
            foreach (var (name, tensor) in answer.Gradients.Where(gradient => gradient.Key != "input"))
                gradients[$"{layers[i].Name}.{name}"] = tensor;
            dy = answer.Gradients["input"];
        }
        gradients["input"] = dy;
        return new(outputs, gradients);

        LayerResult Answer(ChainLayer layer, LayerCase layerCase) => float32 is { } order
            ? layer.Operation.Float32(layerCase, order)
            : layer.Operation.Evaluate(layerCase, defectOf?.Invoke(layer.Name) is { } defect && defect.Op == layerCase.Op ? defect : null);
    }

    private static LayerCase Upstream(LayerCase layerCase, Tensor64 dy) =>
        layerCase with { Cotangents = new Dictionary<string, Tensor64> { ["output"] = dy } };

    private static LayerCase Case(Operation operation, Attributes attributes, Dictionary<string, Tensor64> inputs) =>
        new("a network's " + operation.Name, operation.Name, attributes, Tier.Bounded, inputs, new Dictionary<string, Tensor64>(), []);
}
