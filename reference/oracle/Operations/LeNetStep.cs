namespace Conformance.Oracle.Operations;

/// <summary>One forward and backward pass of the network.</summary>
internal static class LeNetStep
{
    private static readonly Attributes Pooling = Attributes.Of(("kernel_size", 2), ("stride", 2), ("padding", 0), ("dilation", 1), ("ceil_mode", false));

    /// <summary>Outputs <c>logits</c>, <c>loss</c> and each layer's by its name; the gradients of all parameters, of <c>input</c>, and of each layer's output.</summary>
    /// <param name="state">The parameters by state name, <c>input</c> [N,1,H,H] and <c>target</c> [N].</param>
    /// <param name="defectOf">The defect of a layer, by its name.</param>
    /// <param name="float32">How float32 adds up; null for float64.</param>
    public static LayerResult Run(IReadOnlyDictionary<string, Tensor64> state, int padding, Func<string, Defect?> defectOf, Summation? float32)
    {
        ChainLayer[] layers =
        [
            new("conv1", "conv2d", Convolution(padding)), new("relu1", "relu", Attributes.None), new("pool1", "max_pool2d", Pooling),
            new("conv2", "conv2d", Convolution(0)), new("relu2", "relu", Attributes.None), new("pool2", "max_pool2d", Pooling),
            new("flatten", "flatten", Attributes.Of(("start_dim", 1), ("end_dim", 3))),
            new("fc1", "linear", Attributes.None), new("relu3", "relu", Attributes.None),
            new("fc2", "linear", Attributes.None), new("relu4", "relu", Attributes.None),
            new("fc3", "linear", Attributes.None),
        ];
        var answer = Chain.Run(layers, state, float32, defectOf);
        return new(WithoutLast(answer.Outputs), WithoutLast(answer.Gradients));
    }

    /// <summary>What the last layer answers is the logits.</summary>
    private static Dictionary<string, Tensor64> WithoutLast(IReadOnlyDictionary<string, Tensor64> tensors) => tensors.Where(pair => pair.Key != "fc3").ToDictionary();

    private static Attributes Convolution(int padding) => Attributes.Of(("stride", 1), ("padding", padding), ("dilation", 1), ("groups", 1));
}
