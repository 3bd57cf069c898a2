namespace Conformance.Oracle.Operations;

/// <summary>One forward and backward pass of the network: the oracle's own operations, one after the other.</summary>
internal static class LeNetStep
{
    /// <summary>A layer: its operation and attributes, its name, and whether it has parameters.</summary>
    private sealed record Part(TapOperation Operation, string Name, Attributes Attributes, bool Learns = false);

    private static readonly CrossEntropy Loss = new();
    private static readonly Attributes Pooling = Attributes.Of(("kernel_size", 2), ("stride", 2), ("padding", 0), ("dilation", 1), ("ceil_mode", false));

    /// <summary>Outputs <c>logits</c>, <c>loss</c> and each layer's by its name; the gradients of all parameters, of <c>input</c>, and of each layer's output.</summary>
    /// <param name="state">The parameters by state name, <c>input</c> [N,1,H,H] and <c>target</c> [N].</param>
    /// <param name="defectOf">The defect of a layer, by its name.</param>
    public static LayerResult Run(Dictionary<string, Tensor64> state, int padding, Func<string, Defect?> defectOf)
    {
        Part[] parts =
        [
            new(new Conv2dTaps(), "conv1", Convolution(padding), true), new(new ReluTaps(), "relu1", Attributes.None), new(new MaxPool2dTaps(), "pool1", Pooling),
            new(new Conv2dTaps(), "conv2", Convolution(0), true), new(new ReluTaps(), "relu2", Attributes.None), new(new MaxPool2dTaps(), "pool2", Pooling),
            new(new FlattenTaps(), "flatten", Attributes.Of(("start_dim", 1), ("end_dim", 3))),
            new(new LinearTaps(), "fc1", Attributes.None, true), new(new ReluTaps(), "relu3", Attributes.None),
            new(new LinearTaps(), "fc2", Attributes.None, true), new(new ReluTaps(), "relu4", Attributes.None),
            new(new LinearTaps(), "fc3", Attributes.None, true),
        ];

        var outputs = new Dictionary<string, Tensor64>();
        var cases = new LayerCase[parts.Length];
        var x = state["input"];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var inputs = new Dictionary<string, Tensor64> { ["input"] = x };
            if (part.Learns)
                (inputs["weight"], inputs["bias"]) = (state[part.Name + ".weight"], state[part.Name + ".bias"]);
            cases[i] = Case(part.Operation, part.Attributes, inputs);
            outputs[part.Name] = x = part.Operation.Forward(cases[i], Of(part.Name, part.Operation));
        }
        outputs.Remove("fc3");
        var loss = Loss.Evaluate(
            Case(Loss, Attributes.Of(("reduction", "mean")), new() { ["input"] = x, ["target"] = state["target"] }), Of("loss", Loss));
        (outputs["logits"], outputs["loss"]) = (x, loss.Outputs["output"]);

        var gradients = new Dictionary<string, Tensor64>();
        var dy = loss.Gradients["input"];
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            var part = parts[i];
            gradients[part.Name == "fc3" ? "logits" : part.Name] = dy;
            var result = part.Operation.Evaluate(cases[i] with { Cotangents = new Dictionary<string, Tensor64> { ["output"] = dy } }, Of(part.Name, part.Operation));
            if (part.Learns)
                (gradients[part.Name + ".weight"], gradients[part.Name + ".bias"]) = (result.Gradients["weight"], result.Gradients["bias"]);
            dy = result.Gradients["input"];
        }
        gradients["input"] = dy;
        return new(outputs, gradients);

        Defect? Of(string name, Operation operation) => defectOf(name) is { } defect && defect.Op == operation.Name ? defect : null;
    }

    private static Attributes Convolution(int padding) => Attributes.Of(("stride", 1), ("padding", padding), ("dilation", 1), ("groups", 1));

    private static LayerCase Case(Operation operation, Attributes attributes, Dictionary<string, Tensor64> inputs) =>
        new("lenet", operation.Name, attributes, Tier.Bounded, inputs, new Dictionary<string, Tensor64>(), []);
}
