namespace Conformance.Oracle;

/// <summary>How a case is judged: without any tolerance, or within a computed one.</summary>
public enum Tier
{
    /// <summary>Small integers: every partial sum in every order is exact, so the tolerance is 0.</summary>
    Exact,

    /// <summary>Rounding is unavoidable: |actual − expected| ≤ a bound computed from the case.</summary>
    Bounded,
}

/// <summary>
/// One question to an engine: an operation, its attributes and inputs, and the upstream gradients (cotangents) of its outputs.
/// Names are PyTorch's. The same arrays go to the oracle and to the engine.
/// </summary>
/// <param name="Id"><c>conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0</c>: the operation, then its geometry.</param>
/// <param name="Cotangents">By output name; empty where the operation ends in a scalar loss.</param>
/// <param name="Catches">The ids of the defects this case is there to catch.</param>
public sealed record LayerCase(
    string Id,
    string Op,
    Attributes Attributes,
    Tier Tier,
    IReadOnlyDictionary<string, Tensor64> Inputs,
    IReadOnlyDictionary<string, Tensor64> Cotangents,
    IReadOnlyList<string> Catches)
{
    /// <summary>What the fills were drawn with; 1 for the stored vectors.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Why PyTorch refuses this geometry, where it does: the right answer is then a refusal, checked before anything is computed.</summary>
    public string? Refused { get; init; }

    /// <summary>How often the same question is put to the same engine: every reply must be equal to the first.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Whether every input and cotangent has the same numbers in both cases.</summary>
    public bool HasFillsOf(LayerCase other)
    {
        return Same(Inputs, other.Inputs) && Same(Cotangents, other.Cotangents);

        static bool Same(IReadOnlyDictionary<string, Tensor64> one, IReadOnlyDictionary<string, Tensor64> two) => one.Count == two.Count
            && one.All(pair => two.TryGetValue(pair.Key, out var tensor) && tensor.HasShape(pair.Value.Shape) && tensor.Data.SequenceEqual(pair.Value.Data));
    }

    /// <summary>The same case with arrays of its own: an engine that writes to them spoils nobody else's.</summary>
    public LayerCase Copy()
    {
        return this with { Inputs = Copies(Inputs), Cotangents = Copies(Cotangents) };

        static Dictionary<string, Tensor64> Copies(IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.ToDictionary(pair => pair.Key, pair => new Tensor64(pair.Value.Shape, pair.Value.Data.ToArray()) { Fill = pair.Value.Fill });
    }

    /// <exception cref="ArgumentException">The case has no input of that name.</exception>
    public Tensor64 Input(string name) => Inputs.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ArgumentException($"{Id}: input '{name}' is missing; there are {string.Join(", ", Inputs.Keys)}");
}

/// <summary>An answer: outputs by name, and the gradient of each floating-point input by the input's name.</summary>
public sealed record LayerResult(
    IReadOnlyDictionary<string, Tensor64> Outputs,
    IReadOnlyDictionary<string, Tensor64> Gradients)
{
    /// <summary>No tensor at all: what a refused case expects, and what an engine that accepts it is taken to answer.</summary>
    public static LayerResult Empty { get; } = new(new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor64>());

    /// <summary>Tensors that an engine leaves out, by the names of <see cref="Tensors"/>, each with its reason; empty where it answers all.</summary>
    public IReadOnlyDictionary<string, string> Unsupported { get; init; } = new Dictionary<string, string>();

    /// <summary>An answer of one output, in an engine's float32 numbers. Gradients follow with <see cref="WithGradient"/>; those that nobody asks for are ignored.</summary>
    /// <param name="shape">Extents, outermost first; empty for a scalar.</param>
    /// <param name="data">Elements in row-major order.</param>
    public static LayerResult Of(string output, ReadOnlySpan<int> shape, float[] data) => Empty.WithOutput(output, shape, data);

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

/// <summary>Something that knows the right answer: live torch, a stored vector, or the taps.</summary>
public interface IOracle
{
    /// <summary>What answers, with its version: shown in every report.</summary>
    string Name { get; }

    LayerResult Evaluate(LayerCase layerCase);
}
