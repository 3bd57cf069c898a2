namespace Conformance.Oracle;

/// <summary>An answer: outputs by name, and the gradient of each floating-point input by the input's name.</summary>
public sealed record LayerResult(
    IReadOnlyDictionary<string, Tensor64> Outputs,
    IReadOnlyDictionary<string, Tensor64> Gradients)
{
    /// <summary>An answer without tensors. It is expected for a refused case.</summary>
    public static LayerResult Empty { get; } = new(new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor64>());

    /// <summary>The tensors that an engine does not answer, by the names of <see cref="Tensors"/>, each with the reason.</summary>
    public IReadOnlyDictionary<string, string> Unsupported { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Creates an answer of one output from an engine's float32 numbers. <see cref="WithGradient"/> adds gradients; gradients that the case does not
    /// ask for are ignored.
    /// </summary>
    /// <param name="shape">The extents, outermost first; empty for a scalar.</param>
    /// <param name="data">The elements in row-major order.</param>
    public static LayerResult FromOutput(string output, ReadOnlySpan<int> shape, float[] data) => Empty.WithOutput(output, shape, data);

    /// <summary>This answer with one more output, or with that output replaced.</summary>
    public LayerResult WithOutput(string name, ReadOnlySpan<int> shape, float[] data) =>
        this with { Outputs = new Dictionary<string, Tensor64>(Outputs) { [name] = Tensor64.From(shape, data) } };

    /// <summary>This answer with the gradient of one more input, or with that gradient replaced.</summary>
    public LayerResult WithGradient(string input, ReadOnlySpan<int> shape, float[] data) =>
        this with { Gradients = new Dictionary<string, Tensor64>(Gradients) { [input] = Tensor64.From(shape, data) } };

    /// <summary>This answer with <paramref name="change"/> applied to each tensor, by its name in <see cref="Tensors"/>.</summary>
    public LayerResult Select(Func<string, Tensor64, Tensor64> change) => new(
        Outputs.ToDictionary(pair => pair.Key, pair => change("outputs." + pair.Key, pair.Value)),
        Gradients.ToDictionary(pair => pair.Key, pair => change("gradients." + pair.Key, pair.Value)));

    /// <summary>All tensors as <c>outputs.output</c>, <c>gradients.weight</c>, …</summary>
    public IEnumerable<KeyValuePair<string, Tensor64>> Tensors =>
        Outputs.Select(pair => KeyValuePair.Create("outputs." + pair.Key, pair.Value))
            .Concat(Gradients.Select(pair => KeyValuePair.Create("gradients." + pair.Key, pair.Value)));
}
