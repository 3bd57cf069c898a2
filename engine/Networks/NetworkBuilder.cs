using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Networks;

/// <summary>Creates the layers of a definition. Only this class maps the name of a type to a layer.</summary>
public static class NetworkBuilder
{
    /// <summary>The names of the layer types.</summary>
    internal static IReadOnlyList<string> Types { get; } =
    [
        "conv2d", "linear", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "batch_norm1d", "batch_norm2d", "relu", "leaky_relu", "tanh",
        "sigmoid", "softmax", "log_softmax", "flatten", "dropout",
    ];

    /// <summary>
    /// The most parameters that a network may have. With gradients and an optimiser's momentum they take 1.5 GB. The limit stops a file of a few
    /// bytes from filling the machine's memory.
    /// </summary>
    internal const int MostParameters = 1 << 27;

    /// <summary>Builds the network with new weights.</summary>
    /// <param name="seed">The seed of the weights and of dropout's masks. It gives the same bits on every machine.</param>
    /// <param name="kernels">The choice of kernels; the fast ones if null.</param>
    /// <exception cref="NetworkException">A layer can't be built as defined. The message names the layer.</exception>
    public static Sequential Build(this NetworkDefinition definition, ulong seed, KernelChoice? kernels = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var network = Create(definition, definition.Name, kernels, seed);
        Initialization.Named(definition.Initialization).Fill(network.Parameters, seed);
        return network;
    }

    /// <summary>Builds the network with weights of zeros, for inspection and not for training.</summary>
    internal static Sequential Outline(NetworkDefinition definition) => Create(definition, definition.Name, KernelChoice.Clear, seed: 0);

    /// <summary>Builds the network once, so that a mistake in the definition is reported where it was read.</summary>
    internal static void Check(NetworkDefinition definition, string origin)
    {
        if (!Initialization.Names.Contains(definition.Initialization))
            throw new NetworkException(
                $"{origin}: initialization: expected {string.Join(", ", Initialization.Names)}, got '{definition.Initialization}'");
        Create(definition, origin, KernelChoice.Clear, seed: 0);
    }

    private static Sequential Create(NetworkDefinition definition, string origin, KernelChoice? kernels, ulong seed)
    {
        var children = new List<(string, Module)>();
        long parameters = 0;
        var names = new HashSet<string>();
        int[] image = [.. definition.Input];
        CheckSize(image, $"{origin}: input: expected a shape");
        foreach (var layer in definition.Layers)
        {
            string place = $"{origin}: layer '{layer.Name}'";
            if (string.IsNullOrEmpty(layer.Name) || layer.Name.Contains('.', StringComparison.Ordinal))
                throw new NetworkException($"{place}: expected a name without a dot");
            if (!names.Add(layer.Name))
                throw new NetworkException($"{place}: expected a name of its own, got that of another layer");
            try
            {
                if ((parameters += Weights(layer, place, image)) > MostParameters)
                    throw new NetworkException($"{place}: expected a network of at most {MostParameters} parameters, got {parameters} up to here");
                var module = Create(layer, place, image, kernels, seed + (ulong)children.Count);
                image = module.OutputShapeOf(image);
                children.Add((layer.Name, module));
            }
            catch (Exception error) when (error is (ArgumentException and not NetworkException) or OutOfMemoryException)
            {
                throw new NetworkException($"{place}: {Message(error)}", error);
            }
        }
        return new([.. children]);
    }

    /// <summary>
    /// The number of weights of a layer, before its arrays are allocated. Other mistakes in the layer are reported when it is created.
    /// </summary>
    private static long Weights(LayerDefinition layer, string place, int[] image)
    {
        var o = new LayerOptions(layer, place);
        var count = layer.Type switch
        {
            "conv2d" => Inputs(image) * o.Int("out_channels") / Math.Max(1, o.Int("groups", 1))
                * Math.Max(1, o.Size("kernel_size").Height) * Math.Max(1, o.Size("kernel_size").Width),
            "linear" => Inputs(image) * o.Int("out_features"),
            _ => Int128.Zero, // a batch norm has two per channel, and the layer before it has created the channels
        };
        return (long)Int128.Clamp(count, 0, long.MaxValue / 2);

        static Int128 Inputs(int[] image) => image.Length > 0 ? image[0] : 0;
    }

    private static Module Create(LayerDefinition layer, string place, int[] image, KernelChoice? kernels, ulong seed)
    {
        var o = new LayerOptions(layer, place);
        Module module = layer.Type switch
        {
            "conv2d" => new Conv2d(
                Channels(layer, image), o.Int("out_channels"), o.Size("kernel_size"), o.Size("stride", 1), o.Padding("padding"),
                o.Size("dilation", 1), o.Int("groups", 1), o.Flag("bias", true), kernels),
            "linear" => new Linear(Features(layer, image), o.Int("out_features"), o.Flag("bias", true), kernels),
            "max_pool2d" => new MaxPool2d(
                o.Size("kernel_size"), o.OptionalSize("stride"), o.Padding("padding"), o.Size("dilation", 1), o.Flag("ceil_mode", false), kernels),
            "batch_norm1d" => new BatchNorm1d(
                FirstAxis(layer, image), o.NumberOrNull("momentum", 0.1), o.Number("eps", 1e-5), o.Flag("affine", true), kernels),
            "batch_norm2d" => new BatchNorm2d(
                FirstAxis(layer, image), o.NumberOrNull("momentum", 0.1), o.Number("eps", 1e-5), o.Flag("affine", true), kernels),
            "avg_pool2d" => new AvgPool2d(
                o.Size("kernel_size"), o.OptionalSize("stride"), o.Padding("padding"), o.Flag("ceil_mode", false), o.Flag("count_include_pad", true),
                kernels),
            "adaptive_avg_pool2d" => new AdaptiveAvgPool2d(o.Size("output_size"), kernels),
            "leaky_relu" => new LeakyReLU(o.Number("negative_slope", 0.01), kernels),
            "tanh" => new Tanh(kernels),
            "sigmoid" => new Sigmoid(kernels),
            "relu" => new ReLU(kernels),
            "softmax" => new Softmax(o.Int("dim"), kernels),
            "log_softmax" => new LogSoftmax(o.Int("dim"), kernels),
            "flatten" => new Flatten(o.Int("start_dim", 1), o.Int("end_dim", -1)),
            "dropout" => new Dropout(o.Number("p", 0.5), seed, kernels),
            _ => throw new NetworkException($"{place}: expected a type of {string.Join(", ", Types)}, got '{layer.Type}'"),
        };
        o.NoneLeft();
        return module;
    }

    private static void CheckSize(int[] image, string place)
    {
        if (image.Aggregate(1.0, (size, extent) => size * extent) > Array.MaxLength)
            throw new NetworkException($"{place} that one array can hold, got {Shapes.Text(image)}");
    }

    private static int Channels(LayerDefinition layer, int[] image) =>
        image.Length == 3 ? image[0] : throw Shapes.Wrong(layer.Type, "[N, C, H, W]", [-1, .. image]);

    private static int FirstAxis(LayerDefinition layer, int[] image) =>
        image.Length > 0 ? image[0] : throw Shapes.Wrong(layer.Type, "[N, features, …]", [-1, .. image]);

    private static int Features(LayerDefinition layer, int[] image) =>
        image.Length == 1 ? image[0] : throw Shapes.Wrong(layer.Type, "[N, features] (a flatten before it makes them)", [-1, .. image]);

    /// <summary>
    /// The message of an argument exception for the author of a definition: without the line that .NET adds, with the field's name instead of the
    /// parameter's, and with N for the number of images.
    /// </summary>
    private static string Message(Exception error)
    {
        string message = error is ArgumentException { ParamName: { } parameter }
            ? error.Message.Split($" (Parameter '{parameter}')")[0].Replace($" {parameter} ", $" {Field(parameter)} ", StringComparison.Ordinal)
            : error.Message;
        message = message.Split('\n')[0];
        foreach (var (zero, named) in new[] { ("[-1, ", "[N, "), ("got [-1]", "got [N]"), ("got [0, ", "got [N, "), ("shape [0, ", "shape [N, ") })
            message = message.Replace(zero, named, StringComparison.Ordinal);
        return message;
    }

    /// <summary>Returns the file's spelling of a parameter's name: <c>outFeatures</c> becomes <c>out_features</c>.</summary>
    private static string Field(string parameter) =>
        string.Concat(parameter.Select(letter => char.IsAsciiLetterUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
