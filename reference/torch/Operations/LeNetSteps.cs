using Conformance.Oracle;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// The whole network on one batch. Inputs: input <c>[N,1,H,W]</c>, target <c>[N]</c>, and the parameters by state name, from <c>conv1.weight</c> to
/// <c>fc3.bias</c>; every size comes from the parameters. Outputs: <c>logits</c> and <c>loss</c> (mean cross entropy). With the attribute
/// <c>layers</c> each layer's output is also one, by the layer's name. With several <c>steps</c> of SGD (<c>lr</c>, <c>momentum</c>) on the same
/// batch, so are the <c>losses</c> before each step and the parameters after it. The gradients are those of the first step, including that of
/// <c>logits</c>, and with <c>layers</c> those of each layer's output.
/// </summary>
internal static class LeNetSteps
{
    public static TorchOperation Operation { get; } = new("lenet", Forward)
    {
        Constants = ["target"],
        Root = "loss",
        Watched = [.. Conformance.Oracle.Operations.LeNetNetwork.Layers, "logits"],
    };

    private static Dictionary<string, Tensor> Forward(TorchInputs inputs, Attributes attributes)
    {
        var target = inputs["target"].to_type(ScalarType.Int64);
        var layers = Layers(inputs["input"], name => inputs[name], attributes.Int("padding"));
        var outputs = new Dictionary<string, Tensor> { ["logits"] = layers["fc3"], ["loss"] = functional.cross_entropy(layers["fc3"], target) };
        if (attributes.Has("layers") && attributes.Flag("layers"))
            foreach (var (name, answer) in layers.Where(pair => pair.Key != "fc3"))
                outputs[name] = answer;
        if (attributes.Has("steps") && attributes.Int("steps") > 1)
            Train(inputs, target, attributes, outputs);
        return outputs;
    }

    private static void Train(TorchInputs inputs, Tensor target, Attributes attributes, Dictionary<string, Tensor> outputs)
    {
        var input = inputs["input"].detach();
        var parameters = inputs.All.Where(pair => pair.Key is not ("input" or "target"))
            .ToDictionary(pair => pair.Key, pair => new Parameter(pair.Value.detach().clone()));
        using var optimizer = optim.SGD(parameters.Values, attributes.Number("lr"), attributes.Number("momentum"));

        var losses = new double[attributes.Int("steps")];
        var traces = parameters.Keys.ToDictionary(name => name, _ => new List<double>());
        for (var step = 0; step < losses.Length; step++)
        {
            optimizer.zero_grad();
            var loss = functional.cross_entropy(Layers(input, name => parameters[name], attributes.Int("padding"))["fc3"], target);
            losses[step] = loss.ToTensor64()[0];
            loss.backward();
            optimizer.step();
            foreach (var (name, trace) in traces)
                trace.AddRange(parameters[name].ToArray<double>(ScalarType.Float64));
        }
        outputs["losses"] = tensor(losses, [losses.Length]);
        foreach (var (name, trace) in traces)
            outputs[name] = tensor(trace.ToArray(), [losses.Length, .. parameters[name].shape]);
    }

    /// <summary>Every layer's output by its name; that of <c>fc3</c> is the logits.</summary>
    private static Dictionary<string, Tensor> Layers(Tensor input, Func<string, Tensor> parameter, long padding)
    {
        var layers = new Dictionary<string, Tensor>();
        var x = Pool(Relu(Conv(input, "conv1", padding), "relu1"), "pool1");
        x = Pool(Relu(Conv(x, "conv2", 0), "relu2"), "pool2");
        x = Kept("flatten", x.flatten(1, -1));
        x = Relu(Linear(x, "fc1"), "relu3");
        x = Relu(Linear(x, "fc2"), "relu4");
        Linear(x, "fc3");
        return layers;

        Tensor Conv(Tensor x, string name, long padding) => Kept(name, functional.conv2d(
            x, parameter(name + ".weight"), parameter(name + ".bias"), [1, 1], [padding, padding], [1, 1], 1));
        Tensor Relu(Tensor x, string name) => Kept(name, functional.relu(x));
        Tensor Pool(Tensor x, string name) => Kept(name, functional.max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], false));
        Tensor Linear(Tensor x, string name) => Kept(name, functional.linear(x, parameter(name + ".weight"), parameter(name + ".bias")));
        Tensor Kept(string name, Tensor answer) => layers[name] = answer;
    }
}
