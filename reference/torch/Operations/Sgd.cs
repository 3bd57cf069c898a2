using Conformance.Oracle;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>
/// SGD with momentum over a sequence: input <c>parameter</c>, <c>gradients</c> and <c>lr</c> one for each step; outputs <c>parameter</c> and
/// <c>momentum_buffer</c> after each step.
/// <para>TorchSharp's optimisers are C# of its own, and it shows no state: the buffer is read off the step that was taken, (before − after)/lr.</para>
/// </summary>
internal static class Sgd
{
    public static TorchOperation Operation { get; } = new("sgd", Forward) { Constants = ["parameter", "gradients"], Root = null };

    private static Dictionary<string, Tensor> Forward(TorchInputs inputs, Attributes attributes)
    {
        var gradients = inputs["gradients"].ToTensor64();
        var (steps, elements) = (gradients.Shape[0], gradients.Shape[1]);
        var rates = attributes.Numbers("lr", steps);
        var parameter = new Parameter(inputs["parameter"].detach().clone());
        using var optimizer = optim.SGD([parameter], rates[0], attributes.Number("momentum"));
        var group = optimizer.ParamGroups.Single();

        var (parameters, buffers) = (new List<double>(), new List<double>());
        var before = parameter.ToTensor64();
        for (var step = 0; step < steps; step++)
        {
            group.LearningRate = rates[step];
            optimizer.zero_grad();
            // The gradient of a copy is its cotangent.
            parameter.flatten(0, -1).backward([tensor(gradients.Data.Slice(step * elements, elements).ToArray(), [elements], parameter.dtype)]);
            optimizer.step();
            var after = parameter.ToTensor64();
            for (var i = 0; i < elements; i++)
            {
                parameters.Add(after[i]);
                buffers.Add((before[i] - after[i]) / group.LearningRate);
            }
            before = after;
        }
        return new()
        {
            ["parameter"] = tensor(parameters.ToArray(), [steps, elements]),
            ["momentum_buffer"] = tensor(buffers.ToArray(), [steps, elements]),
        };
    }
}
