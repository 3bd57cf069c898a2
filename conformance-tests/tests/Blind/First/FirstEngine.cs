using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Blind.First;

/// <summary>A naive engine in float32: plain loops, forward and backward.</summary>
internal partial class FirstEngine : ISubject
{
    public virtual string Name => "first-right";

    public LayerResult Run(LayerCase layerCase) => layerCase.Op switch
    {
        "conv2d" => Conv2d(layerCase),
        "linear" => Linear(layerCase),
        "max_pool2d" => MaxPool2d(layerCase),
        "avg_pool2d" => AvgPool2d(layerCase),
        "adaptive_avg_pool2d" => AdaptiveAvgPool2d(layerCase),
        "batch_norm1d" => BatchNorm1d(layerCase),
        "batch_norm2d" => BatchNorm2d(layerCase),
        "relu" => Relu(layerCase),
        "leaky_relu" => LeakyRelu(layerCase),
        "tanh" => Tanh(layerCase),
        "sigmoid" => Sigmoid(layerCase),
        "softmax" => Softmax(layerCase),
        "log_softmax" => LogSoftmax(layerCase),
        "flatten" => Flatten(layerCase),
        "dropout" => Dropout(layerCase),
        "cross_entropy" => CrossEntropy(layerCase),
        "nll_loss" => NllLoss(layerCase),
        "generalized_cross_entropy" => GeneralizedCrossEntropy(layerCase),
        "mse_loss" => MseLoss(layerCase),
        "sgd" => Sgd(layerCase),
        "adam" => Adam(layerCase),
        "adamw" => AdamW(layerCase),
        _ => throw new NotSupportedException($"no {layerCase.Op} here"),
    };

    protected static float[] Floats(Tensor64 tensor)
    {
        var floats = new float[tensor.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (float)tensor[i];
        return floats;
    }

    protected static float[]? FloatsOrNull(LayerCase layerCase, string name) =>
        layerCase.Inputs.TryGetValue(name, out var tensor) ? Floats(tensor) : null;

    protected static float[] Cotangent(LayerCase layerCase) => layerCase.Cotangents.TryGetValue("output", out var tensor)
        ? Floats(tensor)
        : throw new ArgumentException($"{layerCase.Id}: no cotangent of the output");

    protected static Tensor64 Tensor(ReadOnlySpan<int> shape, float[] data) => new(shape, Array.ConvertAll(data, value => (double)value));

    protected static LayerResult Result(Dictionary<string, Tensor64> outputs, Dictionary<string, Tensor64> gradients) => new(outputs, gradients);

    protected static LayerResult Result(Tensor64 output, Tensor64 inputGradient) =>
        new(new Dictionary<string, Tensor64> { ["output"] = output }, new Dictionary<string, Tensor64> { ["input"] = inputGradient });

    protected static int[] Pair(Attributes attributes, string name, int[] otherwise) => attributes.Has(name) ? attributes.Ints(name, 2) : otherwise;

    protected static bool Flag(Attributes attributes, string name, bool otherwise) => attributes.Has(name) ? attributes.Flag(name) : otherwise;

    protected static float Number(Attributes attributes, string name, double otherwise) =>
        (float)(attributes.Has(name) ? attributes.Number(name) : otherwise);

    /// <summary>The case's shape of an input, which must have so many axes.</summary>
    protected static int[] Shape(LayerCase layerCase, string name, int rank)
    {
        var shape = layerCase.Input(name).Shape.ToArray();
        return shape.Length == rank ? shape : throw new ArgumentException($"{name} must have {rank} axes, has {shape.Length}");
    }
}
