namespace Conformance.Oracle.Operations;

/// <summary>
/// The whole network: conv 5×5, ReLU, pool 2×2, conv 5×5, ReLU, pool 2×2, three linear layers with ReLU between them, mean cross entropy. Its parts are
/// the oracle's own operations, so what is proved of them holds for it. With <c>steps</c> it also trains on its one batch, SGD with momentum
/// in PyTorch's form (v ← μ·v + g, p ← p − lr·v), and answers the loss before each step.
/// </summary>
public sealed class LeNet : Operation
{
    private static readonly Conv2dTaps Conv = new();
    private static readonly MaxPool2dTaps Pool = new();
    private static readonly ReluTaps Relu = new();
    private static readonly LinearTaps Linear = new();
    private static readonly CrossEntropy Loss = new();

    public override string Name => "lenet";

    /// <summary><c>lenet/n3-h28-c6x16-u120x84x10-t10</c>: images 28×28, 6 and 16 channels, 120, 84 and 10 units, ten steps.</summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var (n, h, steps) = (spelling.Single('n'), spelling.Single('h'), spelling.Single('t', 1));
        var (channels, units) = (spelling.Numbers('c', 2), spelling.Numbers('u', 3));
        if (h % 4 != 0 || h < 12)
            throw spelling.Error("h must be a multiple of 4, and at least 12");
        var features = channels[1] * (h / 2 - 4) / 2 * ((h / 2 - 4) / 2);
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = fill("input").Uniform(1, n, 1, h, h),
            ["target"] = fill("target").Integers(0, units[2] - 1, n),
        };
        Parameters("conv1", channels[0], 1, 5, 5);
        Parameters("conv2", channels[1], channels[0], 5, 5);
        Parameters("fc1", units[0], features);
        Parameters("fc2", units[1], units[0]);
        Parameters("fc3", units[2], units[1]);
        return Case(
            Attributes.Of(("padding", 2), ("steps", steps), ("lr", 0.05), ("momentum", 0.9)), Tier.Bounded, inputs, cotangent: null);

        void Parameters(string layer, params int[] shape)
        {
            var fanIn = shape.Skip(1).Aggregate((a, b) => a * b);
            inputs[layer + ".weight"] = fill(layer + ".weight").Uniform(Math.Sqrt(6.0 / fanIn), shape);
            inputs[layer + ".bias"] = fill(layer + ".bias").Uniform(0.1, shape[0]);
        }
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var attributes = layerCase.Attributes;
        var (steps, lr, momentum) = (attributes.Int("steps"), attributes.Number("lr"), attributes.Number("momentum"));
        var state = layerCase.Inputs.ToDictionary();
        var velocity = new Dictionary<string, double[]>();
        var losses = new double[steps];
        LayerResult? first = null;
        for (var step = 0; step < steps; step++)
        {
            var result = Step(state, attributes.Int("padding"), defect);
            first ??= result;
            losses[step] = result.Outputs["loss"][0];
            foreach (var (name, gradient) in result.Gradients.Where(pair => pair.Key != "input"))
            {
                var v = velocity.TryGetValue(name, out var held) ? held : velocity[name] = new double[gradient.Length];
                for (var i = 0; i < v.Length; i++)
                    v[i] = momentum * v[i] + gradient[i];
                var parameter = state[name].Data.ToArray();
                for (var i = 0; i < v.Length; i++)
                    parameter[i] -= lr * v[i];
                state[name] = new(gradient.Shape, parameter);
            }
        }
        return first! with { Outputs = new Dictionary<string, Tensor64>(first.Outputs) { ["losses"] = new([steps], losses) } };
    }

    /// <summary>
    /// Too long a chain for a formula that still says something: a tensor's tolerance is eight times the largest error of the reference's own
    /// float32 run against its float64 run, which took the same way with another order of summation. Where that run was right by luck, a loss
    /// say, at least 32 u of the tensor's largest element.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected, LayerResult float32)
    {
        var rounded = float32.Tensors.ToDictionary();
        return new(expected.Tensors.ToDictionary(pair => pair.Key, pair =>
        {
            var (error, scale) = (0.0, 0.0);
            for (var i = 0; i < pair.Value.Length; i++)
            {
                error = Math.Max(error, Math.Abs(rounded[pair.Key][i] - pair.Value[i]));
                scale = Math.Max(scale, Math.Abs(pair.Value[i]));
            }
            return Tensor64.Scalar(Math.Max(8 * error, 32 * ErrorBound.U * scale));
        }));
    }

    private static LayerResult Step(Dictionary<string, Tensor64> state, int padding, Defect? defect)
    {
        var convolution = Attributes.Of(("stride", 1), ("padding", padding), ("dilation", 1), ("groups", 1));
        var unpadded = Attributes.Of(("stride", 1), ("padding", 0), ("dilation", 1), ("groups", 1));
        var pool = Attributes.Of(("kernel_size", 2), ("stride", 2), ("padding", 0), ("dilation", 1), ("ceil_mode", false));
        (TapOperation Operation, string? Parameters, Attributes Attributes)[] layers =
        [
            (Conv, "conv1", convolution), (Relu, null, Attributes.None), (Pool, null, pool),
            (Conv, "conv2", unpadded), (Relu, null, Attributes.None), (Pool, null, pool),
            (Linear, "fc1", Attributes.None), (Relu, null, Attributes.None),
            (Linear, "fc2", Attributes.None), (Relu, null, Attributes.None),
            (Linear, "fc3", Attributes.None),
        ];

        var cases = new LayerCase[layers.Length];
        var x = state["input"];
        for (var i = 0; i < layers.Length; i++)
        {
            var (operation, name, attributes) = layers[i];
            var inputs = new Dictionary<string, Tensor64> { ["input"] = operation == Linear ? new(Rows(x), x.Data.ToArray()) : x };
            if (name is not null)
                (inputs["weight"], inputs["bias"]) = (state[name + ".weight"], state[name + ".bias"]);
            cases[i] = new("lenet", operation.Name, attributes, Tier.Bounded, inputs, new Dictionary<string, Tensor64>(), []);
            x = operation.Forward(cases[i], Of(operation));
        }
        var loss = Loss.Evaluate(
            new("lenet", Loss.Name, Attributes.Of(("reduction", "mean")), Tier.Bounded,
                new Dictionary<string, Tensor64> { ["input"] = x, ["target"] = state["target"] }, new Dictionary<string, Tensor64>(), []),
            Of(Loss));

        var gradients = new Dictionary<string, Tensor64>();
        var dy = loss.Gradients["input"];
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            var (operation, name, _) = layers[i];
            var result = operation.Evaluate(cases[i] with { Cotangents = new Dictionary<string, Tensor64> { ["output"] = dy } }, Of(operation));
            if (name is not null)
                (gradients[name + ".weight"], gradients[name + ".bias"]) = (result.Gradients["weight"], result.Gradients["bias"]);
            dy = result.Gradients["input"];
        }
        gradients["input"] = dy;
        return new(new Dictionary<string, Tensor64> { ["logits"] = x, ["loss"] = loss.Outputs["output"] }, gradients);

        Defect? Of(Operation operation) => defect?.Op == operation.Name ? defect : null;
        static int[] Rows(Tensor64 x) => [x.Shape[0], x.Length / x.Shape[0]];
    }
}
