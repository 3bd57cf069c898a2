namespace Conformance.Oracle.Operations;

/// <summary>The network's layers, and one forward and backward pass.</summary>
public static class LeNetNetwork
{
    /// <summary>The layers between the input and the logits, in order. The output of <c>fc3</c> is the logits.</summary>
    public static IReadOnlyList<string> Layers { get; } =
        ["conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2", "relu4"];

    private static readonly Operation Conv2d = new Conv2dOperation();
    private static readonly Operation Relu = new ReluOperation();
    private static readonly Operation Pool = new MaxPool2dOperation();
    private static readonly Operation Flatten = new FlattenOperation();
    private static readonly Operation Linear = new LinearOperation();

    private static readonly Attributes Pooling = Attributes.FromPairs(("kernel_size", 2), ("stride", 2), ("padding", 0), ("dilation", 1),
        ("ceil_mode", false));

    /// <summary>
    /// Outputs: <c>logits</c>, <c>loss</c> and the output of each layer by its name. Gradients: of all parameters, of <c>input</c>, and of each
    /// layer's output.
    /// </summary>
    /// <param name="state">The parameters by state name, <c>input</c> [N,1,H,H] and <c>target</c> [N].</param>
    /// <param name="defectOf">The defect of a layer, by its name.</param>
    /// <param name="float32">The order of float32 summation; null for float64.</param>
    internal static LayerResult Run(IReadOnlyDictionary<string, Tensor64> state, int padding, Func<string, Defect?> defectOf, Summation? float32)
    {
        ChainLayer[] layers =
        [
            new("conv1", Conv2d, Convolution(padding)), new("relu1", Relu, Attributes.None), new("pool1", Pool, Pooling),
            new("conv2", Conv2d, Convolution(0)), new("relu2", Relu, Attributes.None), new("pool2", Pool, Pooling),
            new("flatten", Flatten, Attributes.FromPairs(("start_dim", 1), ("end_dim", 3))),
            new("fc1", Linear, Attributes.None), new("relu3", Relu, Attributes.None),
            new("fc2", Linear, Attributes.None), new("relu4", Relu, Attributes.None),
            new("fc3", Linear, Attributes.None),
        ];
        var answer = Chain.Run(layers, state, float32, defectOf);
        return new(WithoutLast(answer.Outputs), WithoutLast(answer.Gradients));
    }

    /// <summary>Leaves out the last layer, whose output is the logits.</summary>
    private static Dictionary<string, Tensor64> WithoutLast(IReadOnlyDictionary<string, Tensor64> tensors) =>
        tensors.Where(pair => pair.Key != "fc3").ToDictionary();

    private static Attributes Convolution(int padding) => Attributes.FromPairs(("stride", 1), ("padding", padding), ("dilation", 1), ("groups", 1));
}
