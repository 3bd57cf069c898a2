using Conformance.Cli.Shared;
using Conformance.Engine.Layers;
using static Conformance.Cli.Export.OnnxGraph;

namespace Conformance.Cli.Export;

/// <summary>What each layer is in ONNX (opset 17), in evaluation. Operators: docs/Operators.md of onnx/onnx.</summary>
internal static class OnnxLayers
{
    /// <param name="input">The shape of an image as the layer takes it.</param>
    /// <param name="output">As the layer gives it.</param>
    /// <exception cref="UserError">ONNX can't say it.</exception>
    public static void Add(OnnxGraph graph, string name, Module layer, IReadOnlyList<int> input, IReadOnlyList<int> output)
    {
        switch (layer)
        {
            case Conv2d conv:
                graph.Add("Conv", name, [graph.Value, .. Parameters(graph, name)],
                    Pair("kernel_shape", conv.KernelSize), Pair("strides", conv.Stride),
                    Pair("dilations", conv.Dilation), Int("group", conv.Groups), Pads(conv.Padding));
                break;
            case Linear:
                graph.Add("Gemm", name, [graph.Value, .. Parameters(graph, name)], Int("transB", 1));
                break;
            case BatchNorm norm:
                graph.Add(
                    "BatchNormalization",
                    name,
                    [graph.Value, .. ScaleAndShift(graph, name, norm), graph.Stored($"{name}.running_mean"), graph.Stored($"{name}.running_var")],
                    Float("epsilon", norm.Eps));
                break;
            case MaxPool2d or AvgPool2d or AdaptiveAvgPool2d:
                OnnxPools.Add(graph, name, layer, input, output);
                break;
            case ReLU:
                graph.Add("Relu", name, [graph.Value]);
                break;
            case LeakyReLU leaky:
                graph.Add("LeakyRelu", name, [graph.Value], Float("alpha", leaky.NegativeSlope));
                break;
            case Tanh:
                graph.Add("Tanh", name, [graph.Value]);
                break;
            case Sigmoid:
                graph.Add("Sigmoid", name, [graph.Value]);
                break;
            case Softmax softmax:
                graph.Add("Softmax", name, [graph.Value], Int("axis", softmax.Dim));
                break;
            case LogSoftmax softmax:
                graph.Add("LogSoftmax", name, [graph.Value], Int("axis", softmax.Dim));
                break;
            case Flatten flatten:
                AddFlatten(graph, name, flatten, input, output);
                break;
            case Dropout: // the identity, in evaluation
                break;
            default:
                throw new UserError($"export: layer '{name}': expected a layer that ONNX has, got {layer.Operation}");
        }
    }

    private static string[] Parameters(OnnxGraph graph, string name) =>
        graph.Has($"{name}.bias") ? [graph.Stored($"{name}.weight"), graph.Stored($"{name}.bias")] : [graph.Stored($"{name}.weight")];

    /// <summary>ONNX wants both; where the layer learns none they change nothing.</summary>
    private static string[] ScaleAndShift(OnnxGraph graph, string name, BatchNorm norm) => norm.Weight is not null
        ? Parameters(graph, name)
        : [
            graph.Constant($"{name}.weight", [.. Enumerable.Repeat(1f, norm.Features)], norm.Features),
            graph.Constant($"{name}.bias", new float[norm.Features], norm.Features)];

    private static void AddFlatten(OnnxGraph graph, string name, Flatten flatten, IReadOnlyList<int> input, IReadOnlyList<int> output)
    {
        int rank = input.Count + 1, start = Axis(flatten.StartDim), end = Axis(flatten.EndDim);
        if (start == end)
            return;
        if (start == 0)
            throw new UserError(
                $"export: layer '{name}': expected a flatten that leaves the first axis, the images, as it is, got start_dim {flatten.StartDim}");
        if ((start, end) == (1, rank - 1))
            graph.Add("Flatten", name, [graph.Value]);
        else
            // 0: as many images as there are
            graph.Add("Reshape", name, [graph.Value, graph.Constant($"{name}.shape", [0, .. output.Select(extent => (long)extent)])]);

        int Axis(int dim) => dim < 0 ? dim + rank : dim;
    }
}
