using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>A case with its right answer and how far from it an engine may be.</summary>
/// <param name="Source">Who answered: live torch, a stored vector, or the taps.</param>
public sealed record Question(LayerCase Case, LayerResult Expected, ErrorBound Bound, string Source)
{
    private readonly Lazy<LayerResult> _expected = new(Expected);

    /// <summary>The answer; for a recipe computed by the oracle when it is first asked for.</summary>
    public LayerResult Expected
    {
        get => _expected.Value;
        init => _expected = new(value);
    }

    /// <summary>What the engine's declared conventions make of the case; null where they don't concern it.</summary>
    public Meaning? Meaning { get; init; }

    /// <summary>The answer of an engine with a known mistake, as the oracle has it.</summary>
    public LayerResult AnswerWith(Defect defect) => Meaning is null ? AllOperations.Named(Case.Op).Evaluate(Case, defect) : Meaning.Answer(defect);

    /// <summary>
    /// For a recipe, which keeps no answer: the hash of each expected tensor, by the names of <see cref="LayerResult.Tensors"/>; else null.
    /// </summary>
    public IReadOnlyDictionary<string, TensorHash>? Hashes { get; private init; }

    /// <summary>A case too large to store: judged by hashes. Its answer is computed when one differs, so that the report can say where.</summary>
    public static Question FromHashes(LayerCase layerCase, IReadOnlyDictionary<string, TensorHash> hashes, Func<LayerResult> answer, string source) =>
        new(layerCase, answer, source) { Hashes = hashes };

    private Question(LayerCase layerCase, Func<LayerResult> answer, string source)
        : this(layerCase, LayerResult.Empty, ErrorBound.Exact, source) => _expected = new(answer);

    /// <summary>A case with the oracle's own answer.</summary>
    public static Question AnsweredByTheOracle(LayerCase layerCase)
    {
        if (layerCase.Refused is not null)
            return new(layerCase, LayerResult.Empty, ErrorBound.Exact, "the oracle");
        var operation = AllOperations.Named(layerCase.Op);
        var expected = operation.Evaluate(layerCase);
        return new(layerCase, expected, operation.Bound(layerCase, expected), "the oracle");
    }

    /// <summary>What a reply is compared with: itself where a recipe's hashes say that it is right, else the answer.</summary>
    /// <param name="isLeftOut">Whether a tensor is not judged, so that it needs no answer.</param>
    internal LayerResult ExpectedOf(LayerResult reply, Func<string, bool> isLeftOut)
    {
        if (Hashes is null)
            return Expected;
        var tensors = reply.Tensors.ToDictionary();
        return Hashes.All(hash => tensors.TryGetValue(hash.Key, out var tensor) ? TensorHash.FromTensor(tensor) == hash.Value : isLeftOut(hash.Key))
            ? new(Kept("outputs.", reply.Outputs), Kept("gradients.", reply.Gradients))
            : Expected;

        Dictionary<string, Tensor64> Kept(string prefix, IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.Where(pair => Hashes.ContainsKey(prefix + pair.Key)).ToDictionary();
    }
}
