using Conformance.Oracle;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>
/// An optimiser over a sequence. Inputs: <c>parameter</c> <c>[E]</c> and <c>gradients</c> <c>[T,E]</c>; the attribute <c>lr</c> has one rate per
/// step. Outputs: <c>parameter</c> and the state after each step, <c>[T,E]</c> each.
/// <para>TorchSharp's optimisers are written in C# and do not use libtorch's. The state is read from <c>state_dict()</c>.</para>
/// </summary>
internal static class OptimizerSteps
{
    /// <param name="make">Creates the optimiser from the parameter, the first rate and the attributes.</param>
    /// <param name="read">Reads the state's tensors by PyTorch's names; null for a tensor that the optimiser does not have.</param>
    public static TorchOperation Create<TState>(
        string name, Func<Parameter, double, Attributes, OptimizerHelper> make, Func<TState, Dictionary<string, Tensor?>> read)
        where TState : OptimizerState =>
        new(name, (inputs, attributes) => Run(inputs, attributes, make, read)) { Constants = ["parameter", "gradients"], Root = null };

    private static Dictionary<string, Tensor> Run<TState>(
        TorchInputs inputs, Attributes attributes, Func<Parameter, double, Attributes, OptimizerHelper> make,
            Func<TState, Dictionary<string, Tensor?>> read)
        where TState : OptimizerState
    {
        var gradients = inputs["gradients"].ToTensor64();
        var (steps, elements) = (gradients.Shape[0], gradients.Shape[1]);
        var rates = attributes.Numbers("lr", steps);
        var parameter = new Parameter(inputs["parameter"].detach().clone());
        using var optimizer = make(parameter, rates[0], attributes);
        var group = optimizer.ParamGroups.Single();
        var state = (TState)optimizer.state_dict().State.Single();

        var results = new Dictionary<string, List<double>>();
        for (var step = 0; step < steps; step++)
        {
            group.LearningRate = rates[step];
            optimizer.zero_grad();
            // The gradient of a copy is its cotangent.
            parameter.flatten(0, -1).backward([tensor(gradients.Data.Slice(step * elements, elements).ToArray(), [elements], parameter.dtype)]);
            optimizer.step();
            foreach (var (name, value) in read(state).Append(new("parameter", parameter)))
            {
                if (value is null)
                    continue;
                if (!results.TryGetValue(name, out var rows))
                    results[name] = rows = [];
                rows.AddRange(value.ToTensor64().Data);
            }
        }
        return results.ToDictionary(result => result.Key, result => tensor(result.Value.ToArray(), [steps, elements]));
    }
}
