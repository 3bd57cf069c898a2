using System.Runtime.CompilerServices;
using Conformance.Engine;
using Conformance.Oracle;
using Conformance.Suite;

namespace Conformance.Scratch;

/// <summary>Our engine, with one of its kernel variants, as the suite sees it.</summary>
public sealed class ScratchSubject : ISubject
{
    private readonly Kernels _kernels;

    /// <summary>A case that is asked again goes to the same layer with the same tensors: what one call leaves behind must not show in the next.</summary>
    private readonly ConditionalWeakTable<LayerCase, Func<LayerResult>> _again = [];

    /// <exception cref="ArgumentException">There is no such variant, or the environment forces another one on every layer.</exception>
    public ScratchSubject(string kernel)
    {
        _kernels = Engine.Kernels.Named(kernel);
        if (Engine.Kernels.Forced is { } forced && forced != _kernels)
            throw new ArgumentException($"kernel {kernel}: the environment forces {forced} ({Engine.Kernels.Variable})");
    }

    /// <summary>The variants that can be judged: all in the engine's table, or the one that the environment forces.</summary>
    public static IReadOnlyList<string> Kernels => Engine.Kernels.Forced is { } forced
        ? [forced.Name]
        : [.. KernelTable.Rows.Select(row => row.Name).Distinct()];

    /// <summary>The operations that the engine has; of each it may lack some options, which are <see cref="NotSupportedException"/>.</summary>
    public static IReadOnlyList<string> Operations { get; } = [.. KernelTable.Rows.Select(row => row.Operation).Append("flatten").Append("lenet").Distinct()];

    public string Name => "scratch";

    public string Kernel => _kernels.Name;

    public LayerResult Run(LayerCase layerCase) => (layerCase.Repeat > 1 ? _again.GetValue(layerCase, Ready) : Ready(layerCase))();

    /// <summary>Makes the layer and its arguments; each call of what comes back runs it forward and backward.</summary>
    private Func<LayerResult> Ready(LayerCase layerCase) => layerCase.Op switch
    {
        "conv2d" => Layer(layerCase, Convolution(layerCase)),
        "linear" => Layer(layerCase, FullyConnected(layerCase.Input("weight"), layerCase.Inputs.ContainsKey("bias"))),
        "max_pool2d" => Layer(layerCase, Pool(layerCase)),
        "relu" => Layer(layerCase, new ReLU(_kernels)),
        "flatten" => Layer(layerCase, Flattening(layerCase)),
        "cross_entropy" => Loss(layerCase),
        "sgd" => () => Steps(layerCase),
        "lenet" => new ScratchLeNet(layerCase, _kernels).Run,
        _ => throw new NotSupportedException($"the engine has no {layerCase.Op}"),
    };

    private static Func<LayerResult> Layer(LayerCase layerCase, Module layer)
    {
        foreach (var parameter in layer.Parameters)
            parameter.Value.CopyFrom(layerCase.Input(parameter.Name).ToFloats());
        var (input, cotangent) = (layerCase.Input("input").ToEngine(), layerCase.Cotangents.GetValueOrDefault("output")?.ToEngine());
        var guard = new ArgumentGuard();
        guard.Watch("input", () => ArgumentGuard.Hash<float>(input.ToArray()));
        guard.Watch("cotangent.output", () => ArgumentGuard.Hash<float>(cotangent?.ToArray()));
        return () =>
        {
            var output = layer.Forward(input);
            var gradients = new Dictionary<string, Tensor64> { ["input"] = layer.Backward(cotangent!).ToTensor64() };
            foreach (var parameter in layer.Parameters)
                gradients[parameter.Name] = parameter.Gradient.ToTensor64();
            guard.Verify();
            return new(new Dictionary<string, Tensor64> { ["output"] = output.ToTensor64() }, gradients);
        };
    }

    private Func<LayerResult> Loss(LayerCase layerCase)
    {
        var (attributes, target) = (layerCase.Attributes, layerCase.Input("target").ToInts());
        Offered(!layerCase.Inputs.ContainsKey("weight"), "class weights");
        Offered(!attributes.Has("label_smoothing") || attributes.Number("label_smoothing") == 0, "label smoothing");
        Offered(!attributes.Has("ignore_index") || !target.Contains(attributes.Int("ignore_index")), "ignore_index");
        var reduction = attributes.Text("reduction");
        var loss = new CrossEntropyLoss(reduction == "sum" ? Reduction.Sum : Reduction.Mean, _kernels);
        var logits = layerCase.Input("input").ToEngine();
        var cotangent = layerCase.Cotangents.GetValueOrDefault("output")?.ToFloats();
        var guard = new ArgumentGuard();
        guard.Watch("input", () => ArgumentGuard.Hash<float>(logits.ToArray()));
        guard.Watch("target", () => ArgumentGuard.Hash<int>(target));
        guard.Watch("cotangent.output", () => ArgumentGuard.Hash<float>(cotangent));
        return () =>
        {
            var reduced = loss.Forward(logits, target);
            var output = reduction == "none"
                ? new Tensor64(layerCase.Input("target").Shape, Array.ConvertAll(loss.Losses.ToArray(), value => (double)value))
                : Tensor64.Scalar(reduced);
            var gradient = cotangent is null ? loss.Backward() : loss.Backward(cotangent);
            guard.Verify();
            return new(
                new Dictionary<string, Tensor64> { ["output"] = output },
                new Dictionary<string, Tensor64> { ["input"] = gradient.ToTensor64() });
        };
    }

    private LayerResult Steps(LayerCase layerCase)
    {
        var (attributes, gradients) = (layerCase.Attributes, layerCase.Input("gradients"));
        Offered(attributes.Number("dampening") == 0, "dampening");
        Offered(attributes.Number("weight_decay") == 0, "weight decay");
        Offered(!attributes.Flag("nesterov"), "Nesterov momentum");
        var (steps, elements) = (gradients.Shape[0], gradients.Shape[1]);
        var parameter = new Parameter("parameter", layerCase.Input("parameter").ToEngine(), Tensor.Zeros(elements));
        var sgd = new Sgd([parameter], 1, (float)attributes.Number("momentum"), _kernels);
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

    private static Flatten Flattening(LayerCase layerCase)
    {
        Offered(layerCase.Attributes.Int("start_dim") == 1 && layerCase.Attributes.Int("end_dim") == layerCase.Input("input").Rank - 1, "flattening other axes than all but the first");
        return new();
    }

    private Conv2d Convolution(LayerCase layerCase)
    {
        var (w, attributes) = (layerCase.Input("weight"), layerCase.Attributes);
        var (stride, padding, dilation) = (attributes.Ints("stride", 2), attributes.Ints("padding", 4), attributes.Ints("dilation", 2));
        return new(
            layerCase.Input("input").Shape[1], w.Shape[0], (w.Shape[2], w.Shape[3]), new Size2d(stride[0], stride[1]),
            (padding[0], padding[1], padding[2], padding[3]), new Size2d(dilation[0], dilation[1]), attributes.Int("groups"),
            layerCase.Inputs.ContainsKey("bias"), _kernels);
    }

    private Linear FullyConnected(Tensor64 weight, bool bias) => new(weight.Shape[1], weight.Shape[0], bias, _kernels);

    private MaxPool2d Pool(LayerCase layerCase)
    {
        var attributes = layerCase.Attributes;
        var (kernel, stride) = (attributes.Ints("kernel_size", 2), attributes.Ints("stride", 2));
        var (padding, dilation) = (attributes.Ints("padding", 2), attributes.Ints("dilation", 2));
        return new(
            (kernel[0], kernel[1]), new Size2d(stride[0], stride[1]), (padding[0], padding[1]), new Size2d(dilation[0], dilation[1]),
            attributes.Flag("ceil_mode"), _kernels);
    }

    /// <exception cref="NotSupportedException">The engine lacks it: shown and counted, never as passed.</exception>
    private static void Offered(bool offered, string what)
    {
        if (!offered)
            throw new NotSupportedException($"the engine has no {what}");
    }
}
