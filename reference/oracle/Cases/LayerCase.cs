namespace Conformance.Oracle;

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
            && one.All(pair => two.TryGetValue(pair.Key, out var tensor) && tensor.HasShape(pair.Value.Shape)
                && tensor.Data.SequenceEqual(pair.Value.Data));
    }

    /// <summary>The same case with copies of all arrays, so that an engine that writes to them changes no other case.</summary>
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
