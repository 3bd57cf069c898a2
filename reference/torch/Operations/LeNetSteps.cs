using Conformance.Oracle;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// The whole network on one batch: input <c>[N,1,H,W]</c>, target <c>[N]</c>, the parameters by state name, from <c>conv1.weight</c> to <c>fc3.bias</c>;
/// every size comes from the parameters. Outputs <c>logits</c>, <c>loss</c> (mean cross entropy) and, with the attribute <c>steps</c>, <c>losses</c>: the
/// loss before each of so many steps of SGD (<c>lr</c>, <c>momentum</c>) on the same batch. The gradients are those of the first step.
/// </summary>
internal static class LeNetSteps
{
    public static TorchOperation Operation { get; } = new("lenet", Forward) { Constants = ["target"], Root = "loss" };

    private static Dictionary<string, Tensor> Forward(TorchInputs inputs, Attributes attributes)
    {
        var input = inputs["input"];
        var target = inputs["target"].to_type(ScalarType.Int64);
        var padding = attributes.Int("padding");

        var logits = Logits(input, name => inputs[name], padding);
        var outputs = new Dictionary<string, Tensor> { ["logits"] = logits, ["loss"] = functional.cross_entropy(logits, target) };
        if (attributes.Has("steps"))
            outputs["losses"] = Losses(inputs, target, attributes);
        return outputs;
    }

    private static Tensor Losses(TorchInputs inputs, Tensor target, Attributes attributes)
    {
        var input = inputs["input"].detach();
        var padding = attributes.Int("padding");
        var parameters = inputs.All.Where(pair => pair.Key is not ("input" or "target"))
            .ToDictionary(pair => pair.Key, pair => new Parameter(pair.Value.detach().clone()));
        using var optimizer = optim.SGD(parameters.Values, attributes.Number("lr"), attributes.Number("momentum"));

        var losses = new double[attributes.Int("steps")];
        for (var step = 0; step < losses.Length; step++)
        {
            optimizer.zero_grad();
            var loss = functional.cross_entropy(Logits(input, name => parameters[name], padding), target);
            losses[step] = loss.ToTensor64()[0];
            loss.backward();
            optimizer.step();
        }
        return tensor(losses, [losses.Length]);
    }

    private static Tensor Logits(Tensor input, Func<string, Tensor> parameter, long padding)
    {
        var x = Pool(Conv(input, "conv1", padding));
        x = Pool(Conv(x, "conv2", 0)).flatten(1, -1);
        x = functional.relu(Linear(x, "fc1"));
        x = functional.relu(Linear(x, "fc2"));
        return Linear(x, "fc3");

        Tensor Conv(Tensor x, string name, long padding) => functional.relu(functional.conv2d(
            x, parameter(name + ".weight"), parameter(name + ".bias"), [1, 1], [padding, padding], [1, 1], 1));
        Tensor Pool(Tensor x) => functional.max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], false);
        Tensor Linear(Tensor x, string name) => functional.linear(x, parameter(name + ".weight"), parameter(name + ".bias"));
    }
}
