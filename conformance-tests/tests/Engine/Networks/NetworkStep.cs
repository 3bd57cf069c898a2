using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Tensors;
using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Torch;

namespace Conformance.Tests.Engine.Networks;

/// <summary>One training step of a network by our engine and by torch, from the same weights, images, labels and masks.</summary>
internal sealed class NetworkStep
{
    /// <summary>Three images keep a large network's some hundred thousand ReLUs clear of zero now and then.</summary>
    private const int Images = 3;

    /// <summary>
    /// Two right engines may differ where an input is this close to a ReLU's zero or to a tie of a pool. Float32 rounding moves an activation by some
    /// 1e-6.
    /// </summary>
    private const double LeastMargin = 1e-5;

    private const int MostSeeds = 100;

    private readonly NetworkDefinition _definition;
    private readonly ChainLayer[] _layers;
    private readonly ulong _seed;
    private readonly Tensor _images;
    private readonly int[] _labels;
    private readonly Dictionary<string, Tensor> _masks;
    private readonly Dictionary<string, Tensor64> _state;

    private NetworkStep(NetworkDefinition definition, ulong seed)
    {
        (_definition, _seed) = (definition, seed);
        _images = Engine.Fill.Normals(seed, [Images, .. definition.Input]);
        _labels = Engine.Fill.Labels(seed, Images);
        var network = definition.Build(seed);
        var torch = new TorchNetwork(definition.ToJson());
        _layers = [.. torch.Layers.Select(layer => new ChainLayer(layer.Name, AllOperations.Named(layer.Type), torch.AttributesOf(layer.Name)))];
        _masks = (from layer in NetworkSummary.FromDefinition(definition).Layers
                  where layer.Type == "dropout"
                  select KeyValuePair.Create(layer.Name, Engine.Fill.Coins(seed, [Images, .. layer.OutputShape]))).ToDictionary();
        _state = network.Parameters.Select(parameter => (parameter.Name, parameter.Value))
            .Concat(network.Buffers.Select(buffer => (buffer.Name, buffer.Value)))
            .Concat(_masks.Select(mask => (Name: mask.Key + ".mask", mask.Value)))
            .ToDictionary(tensor => tensor.Name, tensor => Converted(tensor.Value));
        Expected = Torch(float32: false);
    }

    /// <summary>torch's answer in float64.</summary>
    public LayerResult Expected { get; }

    /// <summary>The step of the first seed that stays clear of every kink.</summary>
    public static NetworkStep Clear(NetworkDefinition definition) =>
        Enumerable.Range(1, MostSeeds).Select(seed => new NetworkStep(definition, (ulong)seed)).FirstOrDefault(step => step.Margin() > LeastMargin)
        ?? throw new InvalidOperationException($"{definition.Name}: none of {MostSeeds} seeds stays clear of its kinks");

    /// <summary>The oracle's own float32 steps.</summary>
    public IReadOnlyList<LayerResult> Float32() => Float32Runs.InEveryOrder(
        new Dictionary<string, Tensor64>(_state) { ["input"] = Converted(_images), ["target"] = Target },
        name => name != "target" && !name.EndsWith(".mask", StringComparison.Ordinal),
        (inputs, order) => Named(Chain.Run(_layers, inputs, order)));

    /// <summary>torch's step.</summary>
    public LayerResult Torch(bool float32) => new TorchNetwork(_definition.ToJson(), float32).Step(Converted(_images), Target, _state);

    private Tensor64 Target => new([Images], Array.ConvertAll(_labels, label => (double)label));

    /// <summary>Of the oracle's answer what torch answers too: it has the gradients within the network besides.</summary>
    private LayerResult Named(LayerResult answer) => new(
        Expected.Outputs.Keys.ToDictionary(name => name, name => answer.Outputs[name]),
        Expected.Gradients.Keys.ToDictionary(name => name, name => answer.Gradients[name]));

    /// <summary>Our engine's answer, with the names of torch's.</summary>
    public LayerResult Ours(KernelChoice kernels)
    {
        var network = _definition.Build(_seed, kernels);
        foreach (var (name, module) in network.Children)
            if (module is Dropout dropout)
                dropout.Mask = _masks[name];
        var loss = new CrossEntropyLoss(kernels: kernels);
        var logits = network.Forward(_images);
        var outputs = new Dictionary<string, Tensor64> { ["logits"] = Converted(logits), ["loss"] = Tensor64.Scalar(loss.Forward(logits, _labels)) };
        var gradients = new Dictionary<string, Tensor64> { ["input"] = Converted(network.Backward(loss.Backward())) };
        foreach (var (name, _) in network.Children)
            outputs[name] = Converted(network.OutputOf(name));
        foreach (var buffer in network.Buffers.Where(buffer => !buffer.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
            outputs[buffer.Name] = Converted(buffer.Value);
        foreach (var parameter in network.Parameters)
            gradients[parameter.Name] = Converted(parameter.Gradient);
        return new(outputs, gradients);
    }

    private static Tensor64 Converted(Tensor tensor) => new(tensor.Shape, Array.ConvertAll(tensor.ToArray(), value => (double)value));

    /// <summary>The smallest |input of a ReLU| and lead of a pool's maximum.</summary>
    private double Margin()
    {
        var (least, before) = (double.PositiveInfinity, Converted(_images));
        foreach (var (name, operation, attributes) in _layers)
        {
            if (operation.Name is "relu" or "leaky_relu")
                least = Math.Min(least, before.Data.ToArray().Min(Math.Abs));
            if (operation.Name == "max_pool2d")
                least = Math.Min(least, Lead(before, attributes));
            before = Expected.Outputs[name];
        }
        return least;
    }

    /// <summary>A window whose two largest are 0 is no tie that matters: the ReLU before it lets no gradient through.</summary>
    private static double Lead(Tensor64 x, Attributes attributes)
    {
        var (kernel, stride) = (attributes.Ints("kernel_size", 2), attributes.Ints("stride", 2));
        var (height, width, least) = (x.Shape[2], x.Shape[3], double.PositiveInfinity);
        for (var plane = 0; plane < x.Shape[0] * x.Shape[1]; plane++)
            for (var top = 0; top + kernel[0] <= height; top += stride[0])
                for (var left = 0; left + kernel[1] <= width; left += stride[1])
                {
                    double first = double.NegativeInfinity, second = double.NegativeInfinity;
                    for (var at = 0; at < kernel[0] * kernel[1]; at++)
                    {
                        var value = x[(plane * height + top + at / kernel[1]) * width + left + at % kernel[1]];
                        (first, second) = value > first ? (value, first) : (first, Math.Max(second, value));
                    }
                    if (first != 0 || second != 0)
                        least = Math.Min(least, first - second);
                }
        return least;
    }
}
