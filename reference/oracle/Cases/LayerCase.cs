namespace Conformance.Oracle;

/// <summary>
/// One question to an engine: an operation, its attributes and inputs, and the gradients with respect to its outputs (cotangents). Names are
/// PyTorch's. The oracle and the engine get the same arrays.
/// </summary>
/// <param name="Id">The operation, then the geometry: <c>conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0</c>.</param>
/// <param name="Cotangents">The cotangents by output name; empty if the operation ends in a scalar loss.</param>
/// <param name="Catches">The ids of the defects that this case must catch.</param>
public sealed record LayerCase(
    string Id,
    string Op,
    Attributes Attributes,
    Tier Tier,
    IReadOnlyDictionary<string, Tensor64> Inputs,
    IReadOnlyDictionary<string, Tensor64> Cotangents,
    IReadOnlyList<string> Catches)
{
    /// <summary>The seed of the fills; 1 for the stored vectors.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The reason why PyTorch refuses this geometry; null if it does not. The correct answer is then a refusal before any computation.
    /// </summary>
    public string? Refused { get; init; }

    /// <summary>How many times the same engine is asked this question. Every reply must be equal to the first.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Whether every input and cotangent has the same numbers as in another case.</summary>
    public bool HasFillsOf(LayerCase other)
    {
        return Same(Inputs, other.Inputs) && Same(Cotangents, other.Cotangents);

        static bool Same(IReadOnlyDictionary<string, Tensor64> one, IReadOnlyDictionary<string, Tensor64> two) => one.Count == two.Count
            && one.All(pair => two.TryGetValue(pair.Key, out var tensor) && tensor.HasShape(pair.Value.Shape)
                && tensor.Data.SequenceEqual(pair.Value.Data));
    }

    /// <summary>A copy of the case with copies of all arrays, so that an engine that writes to them changes no other case.</summary>
    public LayerCase Copy()
    {
        return this with { Inputs = Copies(Inputs), Cotangents = Copies(Cotangents) };

        static Dictionary<string, Tensor64> Copies(IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.ToDictionary(pair => pair.Key, pair => new Tensor64(pair.Value.Shape, pair.Value.Data.ToArray()) { Recipe = pair.Value.Recipe });
    }

    /// <exception cref="ArgumentException">The case has no input of that name.</exception>
    public Tensor64 Input(string name) => Inputs.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ArgumentException($"{Id}: input '{name}' is missing; there are {string.Join(", ", Inputs.Keys)}");
}
