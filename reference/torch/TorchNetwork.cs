using System.Text.Json;
using Conformance.Oracle;
using Conformance.Torch.Operations;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch;

/// <summary>
/// Builds a network from the engine's JSON format with torch's operations, and runs one training step, for comparison with an engine. The two share
/// only the format.
/// </summary>
/// <param name="json">A network definition.</param>
/// <param name="float32">Whether to compute in float32 instead of float64.</param>
public sealed class TorchNetwork(string json, bool float32 = false)
{
    private readonly ScalarType _type = float32 ? ScalarType.Float32 : ScalarType.Float64;

    private readonly (string Name, string Type, Attributes Attributes)[] _layers = Read(json);

    /// <summary>The layers in order: name, and PyTorch's functional name.</summary>
    public IReadOnlyList<(string Name, string Type)> Layers => [.. _layers.Select(layer => (layer.Name, layer.Type))];

    /// <summary>The attributes of a layer as torch gets them, with defaults filled in.</summary>
    public Attributes AttributesOf(string layer) => Array.Find(_layers, known => known.Name == layer).Attributes;

    /// <summary>Runs forward in training mode, mean cross entropy, and backward.</summary>
    /// <param name="images">The images, <c>[N, C, H, W]</c>.</param>
    /// <param name="target">The class numbers, <c>[N]</c>.</param>
    /// <param name="state">Parameters and buffers by state name; for dropout the mask, as <c>dropout.mask</c>.</param>
    /// <returns>
    /// Outputs: each layer's by its name, <c>logits</c>, <c>loss</c>, running statistics by state name. Gradients: of <c>input</c> and of each
    /// parameter.
    /// </returns>
    /// <exception cref="ArgumentException">The state lacks a tensor that a layer needs.</exception>
    /// <exception cref="NotSupportedException">Torch does not load, or its float32 is wrong; see <see cref="TorchRuntime"/>.</exception>
    public LayerResult Step(Tensor64 images, Tensor64 target, IReadOnlyDictionary<string, Tensor64> state)
    {
        TorchRuntime.Require(float32);
        using var threads = new ThreadCount(1);
        using var scope = NewDisposeScope();
        var input = images.ToTorch(_type).requires_grad_(true);
        var (outputs, leaves) = (new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor> { ["input"] = input });
        var x = input;
        foreach (var (name, type, attributes) in _layers)
        {
            var operation = TorchEvaluation.Find(type)!;
            var inputs = new Dictionary<string, Tensor> { ["input"] = x };
            foreach (var (key, value) in state.Where(pair => pair.Key.StartsWith(name + ".", StringComparison.Ordinal)))
            {
                var stem = key[(name.Length + 1)..];
                inputs[stem] = value.ToTorch(_type);
                if (!operation.Constants.Contains(stem))
                    leaves[key] = inputs[stem].requires_grad_(true);
            }
            var results = operation.Forward(new($"layer {name}", inputs), attributes);
            foreach (var (stem, value) in results.Where(result => result.Key != "output"))
                outputs[$"{name}.{stem}"] = value.ToTensor64();
            x = results["output"];
            outputs[name] = x.ToTensor64();
        }
        var loss = functional.cross_entropy(x, target.ToTorch(_type).to_type(ScalarType.Int64));
        (outputs["logits"], outputs["loss"]) = (x.ToTensor64(), loss.ToTensor64());
        loss.backward();
        return new(outputs, leaves.ToDictionary(leaf => leaf.Key, leaf => leaf.Value.grad!.ToTensor64()));
    }

    private static (string, string, Attributes)[] Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("layers").EnumerateArray().Select(layer =>
        {
            var (name, type) = (layer.GetProperty("name").GetString()!, layer.GetProperty("type").GetString()!);
            return TorchEvaluation.Find(type) is null
                ? throw new ArgumentException($"layer {name}: torch has no operation '{type}' here")
                : (name, type, WithDefaults(type, layer));
        })];
    }

    /// <summary>Fills in PyTorch's defaults. A padding of four sides is the format's own, so a pair becomes four sides.</summary>
    private static Attributes WithDefaults(string type, JsonElement layer)
    {
        var values = Defaults(type).ToDictionary(pair => pair.Name, pair => pair.Value);
        foreach (var option in layer.EnumerateObject())
            values[option.Name] = option.Value.Clone();
        if (type is "max_pool2d" or "avg_pool2d" && !values.ContainsKey("stride"))
            values["stride"] = values["kernel_size"];
        if (type == "conv2d" && values["padding"] is JsonElement { ValueKind: JsonValueKind.Array } padding && padding.GetArrayLength() == 2)
            values["padding"] = new[] { padding[0], padding[0], padding[1], padding[1] };
        return Attributes.FromPairs([.. values.Select(pair => (pair.Key, pair.Value))]);
    }

    private static (string Name, object? Value)[] Defaults(string type) => type switch
    {
        "conv2d" => [("stride", 1), ("padding", 0), ("dilation", 1), ("groups", 1)],
        "max_pool2d" => [("padding", 0), ("dilation", 1), ("ceil_mode", false)],
        "avg_pool2d" => [("padding", 0), ("ceil_mode", false), ("count_include_pad", true)],
        "batch_norm1d" or "batch_norm2d" => [("momentum", 0.1), ("eps", 1e-5), ("training", true)],
        "leaky_relu" => [("negative_slope", 0.01)],
        "flatten" => [("start_dim", 1), ("end_dim", -1)],
        "dropout" => [("p", 0.5)],
        _ => [],
    };
}
