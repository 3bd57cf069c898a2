using Conformance.Engine;
using Conformance.Oracle;
using Conformance.Suite;

namespace Conformance.Scratch;

/// <summary>One optimiser of our engine over a sequence of gradients.</summary>
internal static class ScratchOptimizer
{
    public static Func<LayerResult> Ready(LayerCase layerCase, Kernels kernels) => () => Steps(layerCase, kernels);

    private static LayerResult Steps(LayerCase layerCase, Kernels kernels)
    {
        var (attributes, gradients) = (layerCase.Attributes, layerCase.Input("gradients"));
        Missing.Unless(attributes.Number("dampening") == 0, "dampening");
        Missing.Unless(attributes.Number("weight_decay") == 0, "weight decay");
        Missing.Unless(!attributes.Flag("nesterov"), "Nesterov momentum");
        var (steps, elements) = (gradients.Shape[0], gradients.Shape[1]);
        var parameter = new Parameter("parameter", layerCase.Input("parameter").ToEngine(), Tensor.Zeros(elements));
        var sgd = new Sgd([parameter], 1, (float)attributes.Number("momentum"), kernels);
        var (parameters, buffers) = (new List<double>(), new List<double>());
        var rates = attributes.Numbers("lr", steps);
        for (var step = 0; step < steps; step++)
        {
            parameter.Gradient.CopyFrom(gradients.ToFloats().AsSpan(step * elements, elements));
            sgd.LearningRate = (float)rates[step];
            sgd.Step();
            parameters.AddRange(parameter.Value.ToTensor64().Data);
            buffers.AddRange(sgd.MomentumBuffers[0].ToTensor64().Data);
        }
        return new(
            new Dictionary<string, Tensor64> { ["parameter"] = new(gradients.Shape, [.. parameters]), ["momentum_buffer"] = new(gradients.Shape, [.. buffers]) },
            new Dictionary<string, Tensor64>());
    }
}
