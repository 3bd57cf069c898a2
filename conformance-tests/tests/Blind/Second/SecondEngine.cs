using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Blind.Second;

/// <summary>A plain engine in float32: one loop after another.</summary>
internal partial class SecondEngine : ISubject
{
    public virtual string Name => "second-right";

    public virtual LayerResult Run(LayerCase layerCase) => layerCase.Op switch
    {
        "conv2d" => Conv2d(layerCase),
        "linear" => Linear(layerCase),
        "max_pool2d" => MaxPool2d(layerCase),
        "avg_pool2d" => AvgPool2d(layerCase),
        "adaptive_avg_pool2d" => AdaptiveAvgPool2d(layerCase),
        "batch_norm1d" => BatchNorm(layerCase, 2, 3),
        "batch_norm2d" => BatchNorm(layerCase, 4, 4),
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
        _ => throw new NotSupportedException($"no operation {layerCase.Op}"),
    };

    protected static Grid In(LayerCase layerCase, string name) => Grid.FromTensor(layerCase.Input(name));

    protected static Grid? Maybe(LayerCase layerCase, string name) =>
        layerCase.Inputs.TryGetValue(name, out var tensor) ? Grid.FromTensor(tensor) : null;

    protected static float[] Upstream(LayerCase layerCase, int length)
    {
        if (!layerCase.Cotangents.TryGetValue("output", out var tensor))
            throw new ArgumentException($"{layerCase.Id}: no cotangent");
        return tensor.Length == length
            ? Grid.FromTensor(tensor).Data
            : throw new ArgumentException($"{layerCase.Id}: cotangent of {tensor.Length}, output of {length}");
    }

    protected static LayerResult Answer(int[] shape, float[] output, params ReadOnlySpan<(string Name, Tensor64? Tensor)> gradients)
    {
        var kept = new Dictionary<string, Tensor64>();
        foreach (var (name, tensor) in gradients)
            if (tensor is not null)
                kept[name] = tensor;
        return new(new Dictionary<string, Tensor64> { ["output"] = Grid.Wide(shape, output) }, kept);
    }

    protected static int Whole(LayerCase layerCase, string name, int otherwise) =>
        layerCase.Attributes.Has(name) ? layerCase.Attributes.Int(name) : otherwise;

    protected static float Real(LayerCase layerCase, string name, double otherwise) =>
        (float)(layerCase.Attributes.Has(name) ? layerCase.Attributes.Number(name) : otherwise);

    protected static bool Flag(LayerCase layerCase, string name, bool otherwise) =>
        layerCase.Attributes.Has(name) ? layerCase.Attributes.Flag(name) : otherwise;

    protected static int[] Pair(LayerCase layerCase, string name, int otherwise) =>
        layerCase.Attributes.Has(name) ? layerCase.Attributes.Ints(name, 2) : [otherwise, otherwise];

    protected static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new ArgumentException(otherwise);
    }
}
