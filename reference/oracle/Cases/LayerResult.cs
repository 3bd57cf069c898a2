namespace Conformance.Oracle;

/// <summary>An answer: outputs by name, and the gradient of each floating-point input by the input's name.</summary>
public sealed record LayerResult(
    IReadOnlyDictionary<string, Tensor64> Outputs,
    IReadOnlyDictionary<string, Tensor64> Gradients)
{
    /// <summary>No tensor at all: what a refused case expects, and what an engine that accepts it is taken to answer.</summary>
    public static LayerResult Empty { get; } = new(new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor64>());

    /// <summary>Tensors that an engine leaves out, by the names of <see cref="Tensors"/>, each with its reason; empty where it answers all.</summary>
    public IReadOnlyDictionary<string, string> Unsupported { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// An answer of one output, in an engine's float32 numbers. Gradients follow with <see cref="WithGradient"/>; those that nobody asks for are
    /// ignored.
    /// </summary>
    /// <param name="shape">Extents, outermost first; empty for a scalar.</param>
    /// <param name="data">Elements in row-major order.</param>
    public static LayerResult FromOutput(string output, ReadOnlySpan<int> shape, float[] data) => Empty.WithOutput(output, shape, data);

    /// <summary>The answer with one output more, or that output replaced.</summary>
    public LayerResult WithOutput(string name, ReadOnlySpan<int> shape, float[] data) =>
        this with { Outputs = new Dictionary<string, Tensor64>(Outputs) { [name] = Tensor64.From(shape, data) } };

    /// <summary>The answer with the gradient of one input more, or that gradient replaced.</summary>
    public LayerResult WithGradient(string input, ReadOnlySpan<int> shape, float[] data) =>
        this with { Gradients = new Dictionary<string, Tensor64>(Gradients) { [input] = Tensor64.From(shape, data) } };

    /// <summary>The answer with <paramref name="change"/> made to each tensor, which it gets under the names of <see cref="Tensors"/>.</summary>
    public LayerResult Select(Func<string, Tensor64, Tensor64> change) => new(
        Outputs.ToDictionary(pair => pair.Key, pair => change("outputs." + pair.Key, pair.Value)),
        Gradients.ToDictionary(pair => pair.Key, pair => change("gradients." + pair.Key, pair.Value)));

    /// <summary>All tensors as <c>outputs.output</c>, <c>gradients.weight</c>, …</summary>
    public IEnumerable<KeyValuePair<string, Tensor64>> Tensors =>
        Outputs.Select(pair => KeyValuePair.Create("outputs." + pair.Key, pair.Value))
            .Concat(Gradients.Select(pair => KeyValuePair.Create("gradients." + pair.Key, pair.Value)));
}
