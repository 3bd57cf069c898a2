using System.Text.Json;
using Conformance.Oracle;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Completes a request as PyTorch would read it. An attribute that is left out gets the default of PyTorch's module (<c>torch.nn</c>,
/// <c>torch.optim</c>), and a padding is given the number of sides that the operation's table has.
/// </summary>
internal static class PyTorchDefaults
{
    private static readonly (string Name, object Value)[] Classes = [("reduction", "mean"), ("ignore_index", -100)];

    private static readonly (string Name, object Value)[] Moments = [("lr", 1e-3), ("betas", new[] { 0.9, 0.999 }), ("eps", 1e-8)];

    /// <exception cref="NotSupportedException">A pool's padding differs between the two ends of an axis.</exception>
    public static LayerCase Complete(LayerCase asked)
    {
        var attributes = asked.Attributes;
        foreach (var (name, value) in Of(asked.Op, attributes))
            if (!attributes.All.Any(pair => pair.Key == name)) // a null is a value: batch norm's momentum
                attributes = attributes.With(name, value);
        return asked with { Attributes = WithSides(asked.Op, attributes) };
    }

    private static (string Name, object Value)[] Of(string op, Attributes attributes) => op switch
    {
        "conv2d" => [("stride", 1), ("padding", 0), ("dilation", 1), ("groups", 1)],
        "max_pool2d" => [.. Stride(attributes), ("padding", 0), ("dilation", 1), ("ceil_mode", false)],
        "avg_pool2d" => [.. Stride(attributes), ("padding", 0), ("ceil_mode", false), ("count_include_pad", true)],
        "batch_norm1d" or "batch_norm2d" => [("training", true), ("momentum", 0.1), ("eps", 1e-5)],
        "leaky_relu" => [("negative_slope", 0.01)],
        "dropout" => [("p", 0.5)],
        "flatten" => [("start_dim", 1), ("end_dim", -1)],
        "cross_entropy" => [.. Classes, ("label_smoothing", 0)],
        "nll_loss" => Classes,
        "generalized_cross_entropy" => [("q", 0.7), ("reduction", "mean")],
        "mse_loss" => [("reduction", "mean")],
        "sgd" => [("lr", 1e-3), ("momentum", 0), ("dampening", 0), ("weight_decay", 0), ("nesterov", false)],
        "adam" => [.. Moments, ("weight_decay", 0)],
        "adamw" => [.. Moments, ("weight_decay", 0.01)],
        "lenet" => [("padding", 0), ("steps", 1), ("lr", 1e-3), ("momentum", 0), ("layers", false)],
        _ => [],
    };

    /// <summary>The stride of a pool is its kernel.</summary>
    private static (string Name, object Value)[] Stride(Attributes attributes) =>
        attributes.Has("kernel_size") ? [("stride", attributes.Ints("kernel_size", 2))] : [];

    private static Attributes WithSides(string op, Attributes attributes)
    {
        if (!attributes.Has("padding")
            || attributes.All.First(pair => pair.Key == "padding").Value is not { ValueKind: JsonValueKind.Array } sides)
            return attributes;
        return (op, sides.GetArrayLength()) switch
        {
            ("conv2d", 2) when attributes.Ints("padding", 2) is [var height, var width] =>
                attributes.With("padding", new[] { height, height, width, width }),
            ("max_pool2d" or "avg_pool2d", 4) => attributes.Ints("padding", 4) is [var top, var bottom, var left, var right]
                && top == bottom && left == right
                ? attributes.With("padding", new[] { top, left })
                : throw new NotSupportedException("a pool's padding is the same at both ends of an axis"),
            _ => attributes,
        };
    }
}
