using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Scratch;

/// <summary>One layer of our engine, forward and backward.</summary>
internal static class ScratchLayer
{
    /// <summary>
    /// Prepares a layer for a case. Each call of the returned function runs it forward, and backward if the case has a cotangent.
    /// </summary>
    public static Func<LayerResult> Ready(LayerCase layerCase, Module layer)
    {
        foreach (var parameter in layer.Parameters)
            parameter.Value.CopyFrom(layerCase.Input(parameter.Name).ToFloats());
        var buffers = layer.Buffers.Where(buffer => layerCase.Inputs.ContainsKey(buffer.Name)).ToArray();
        var isNumber = layerCase.Input("input").Rank == 0;
        var (input, cotangent) = (layerCase.Input("input").ToBatch(), layerCase.Cotangents.GetValueOrDefault("output")?.ToBatch());
        var guard = new ArgumentGuard();
        guard.Watch("input", () => ArgumentGuard.Hash<float>(input.ToArray()));
        guard.Watch("cotangent.output", () => ArgumentGuard.Hash<float>(cotangent?.ToArray()));
        return () =>
        {
            foreach (var buffer in buffers)
                buffer.Value.CopyFrom(layerCase.Input(buffer.Name).ToFloats());
            var outputs = new Dictionary<string, Tensor64> { ["output"] = OfBatch(layer.Forward(input)) };
            foreach (var (name, value) in buffers)
                outputs[name] = value.ToTensor64();
            var gradients = new Dictionary<string, Tensor64>();
            if (cotangent is not null)
            {
                gradients["input"] = OfBatch(layer.Backward(cotangent));
                foreach (var parameter in layer.Parameters)
                    gradients[parameter.Name] = parameter.Gradient.ToTensor64();
            }
            guard.Verify();
            return new(outputs, gradients);
        };

        Tensor64 OfBatch(Tensor tensor) => isNumber ? Tensor64.Scalar(tensor.ToArray()[0]) : tensor.ToTensor64();
    }

    public static Module Create(LayerCase layerCase, KernelChoice kernels) => layerCase.Op switch
    {
        "conv2d" => Convolution(layerCase, kernels),
        "linear" => FullyConnected(layerCase, kernels),
        "max_pool2d" => MaxPool(layerCase, kernels),
        "avg_pool2d" => AveragePool(layerCase, kernels),
        "adaptive_avg_pool2d" => new AdaptiveAvgPool2d(Size(layerCase, "output_size"), kernels),
        "batch_norm1d" or "batch_norm2d" => Normalisation(layerCase, kernels),
        "relu" => new ReLU(kernels),
        "leaky_relu" => new LeakyReLU(layerCase.Attributes.Number("negative_slope"), kernels),
        "tanh" => new Tanh(kernels),
        "sigmoid" => new Sigmoid(kernels),
        "softmax" => new Softmax(layerCase.Attributes.Int("dim"), kernels),
        "log_softmax" => new LogSoftmax(layerCase.Attributes.Int("dim"), kernels),
        "dropout" => new Dropout(layerCase.Attributes.Number("p"), kernels: kernels) { Mask = layerCase.Input("mask").ToBatch() },
        "flatten" => new Flatten(layerCase.Attributes.Int("start_dim"), layerCase.Attributes.Int("end_dim")),
        _ => throw new NotSupportedException($"the engine has no {layerCase.Op}"),
    };

    private static Conv2d Convolution(LayerCase layerCase, KernelChoice kernels)
    {
        var (w, attributes) = (layerCase.Input("weight"), layerCase.Attributes);
        var (stride, padding, dilation) = (attributes.Ints("stride", 2), attributes.Ints("padding", 4), attributes.Ints("dilation", 2));
        return new(
            layerCase.Input("input").Shape[1], w.Shape[0], (w.Shape[2], w.Shape[3]), new Size2d(stride[0], stride[1]),
            (padding[0], padding[1], padding[2], padding[3]), new Size2d(dilation[0], dilation[1]), attributes.Int("groups"),
            layerCase.Inputs.ContainsKey("bias"), kernels);
    }

    private static Linear FullyConnected(LayerCase layerCase, KernelChoice kernels)
    {
        var weight = layerCase.Input("weight");
        return new(weight.Shape[1], weight.Shape[0], layerCase.Inputs.ContainsKey("bias"), kernels);
    }

    private static MaxPool2d MaxPool(LayerCase layerCase, KernelChoice kernels) => new(
        Size(layerCase, "kernel_size"), Size(layerCase, "stride"), Padding(layerCase), Size(layerCase, "dilation"),
        layerCase.Attributes.Flag("ceil_mode"), kernels);

    private static AvgPool2d AveragePool(LayerCase layerCase, KernelChoice kernels) => new(
        Size(layerCase, "kernel_size"), Size(layerCase, "stride"), Padding(layerCase), layerCase.Attributes.Flag("ceil_mode"),
        layerCase.Attributes.Flag("count_include_pad"), kernels);

    private static Size2d Size(LayerCase layerCase, string name)
    {
        var size = layerCase.Attributes.Ints(name, 2);
        return (size[0], size[1]);
    }

    private static Padding2d Padding(LayerCase layerCase)
    {
        var size = Size(layerCase, "padding");
        return (size.Height, size.Width);
    }

    private static BatchNorm Normalisation(LayerCase layerCase, KernelChoice kernels)
    {
        var attributes = layerCase.Attributes;
        var (features, affine) = (layerCase.Input("running_mean").Length, layerCase.Inputs.ContainsKey("weight"));
        double? momentum = layerCase.Inputs.ContainsKey("num_batches_tracked") ? null : attributes.Number("momentum");
        BatchNorm layer = layerCase.Op == "batch_norm1d"
            ? new BatchNorm1d(features, momentum, attributes.Number("eps"), affine, kernels)
            : new BatchNorm2d(features, momentum, attributes.Number("eps"), affine, kernels);
        layer.Training = attributes.Flag("training");
        return layer;
    }
}
