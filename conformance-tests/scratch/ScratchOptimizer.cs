using Conformance.Engine.Kernels;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Oracle;

namespace Conformance.Scratch;

/// <summary>One optimiser of our engine over a sequence of gradients.</summary>
internal static class ScratchOptimizer
{
    public static Func<LayerResult> Ready(LayerCase layerCase, KernelChoice kernels) => () => Steps(layerCase, kernels);

    private static LayerResult Steps(LayerCase layerCase, KernelChoice kernels)
    {
        var gradients = layerCase.Input("gradients");
        var (steps, elements, values) = (gradients.Shape[0], gradients.Shape[1], gradients.ToFloats());
        var parameter = new Parameter("parameter", layerCase.Input("parameter").ToEngine(), Tensor.Zeros(elements));
        var optimizer = Create(layerCase, parameter, kernels);
        var states = layerCase.Op == "sgd" && layerCase.Attributes.Number("momentum") == 0 ? [] : optimizer.State.ToArray(); // no momentum, no buffer
        var traces = states.Select(state => state.Key).Append("parameter").ToDictionary(name => name, _ => new List<double>());
        var rates = layerCase.Attributes.Numbers("lr", steps);
        for (var step = 0; step < steps; step++)
        {
            parameter.Gradient.CopyFrom(values.AsSpan(step * elements, elements));
            optimizer.LearningRate = rates[step];
            optimizer.Step();
            traces["parameter"].AddRange(parameter.Value.ToTensor64().Data);
            foreach (var (name, state) in states)
                traces[name].AddRange(state[0].ToTensor64().Data);
        }
        return new(
            traces.ToDictionary(trace => trace.Key, trace => new Tensor64(gradients.Shape, [.. trace.Value])), new Dictionary<string, Tensor64>());
    }

    private static Optimizer Create(LayerCase layerCase, Parameter parameter, KernelChoice kernels)
    {
        var attributes = layerCase.Attributes;
        var decay = attributes.Number("weight_decay");
        if (layerCase.Op == "sgd")
            return new Sgd(
                [parameter], 0, attributes.Number("momentum"), attributes.Number("dampening"), decay, attributes.Flag("nesterov"), kernels);
        var (betas, eps) = (attributes.Numbers("betas", 2), attributes.Number("eps"));
        return layerCase.Op == "adam"
            ? new Adam([parameter], 0, betas[0], betas[1], eps, decay, kernels)
            : new AdamW([parameter], 0, betas[0], betas[1], eps, decay, kernels);
    }
}
