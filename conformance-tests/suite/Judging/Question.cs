using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>A case with its correct answer and its tolerance.</summary>
/// <param name="Source">The source of the answer: live torch, a stored vector, or the oracle.</param>
public sealed record Question(LayerCase Case, LayerResult Expected, ErrorBound Bound, string Source)
{
    private readonly Lazy<LayerResult> _expected = new(Expected);

    /// <summary>The answer. For a recipe the oracle computes it at the first access.</summary>
    public LayerResult Expected
    {
        get => _expected.Value;
        init => _expected = new(value);
    }

    /// <summary>The case with the engine's declared conventions; null if they don't affect it.</summary>
    public Meaning? Meaning { get; init; }

    /// <summary>The oracle's answer with a known mistake.</summary>
    public LayerResult AnswerWith(Defect defect) => Meaning is null ? AllOperations.Named(Case.Op).Evaluate(Case, defect) : Meaning.Answer(defect);

    /// <summary>
    /// For a recipe, which contains no answer: the hash of each expected tensor, by the names of <see cref="LayerResult.Tensors"/>. Otherwise null.
    /// </summary>
    public IReadOnlyDictionary<string, TensorHash>? Hashes { get; private init; }

    /// <summary>
    /// Creates the question of a case that is too large to store and is judged by hashes. If a hash differs, the answer is computed, so that the
    /// report can name the wrong elements.
    /// </summary>
    public static Question FromHashes(LayerCase layerCase, IReadOnlyDictionary<string, TensorHash> hashes, Func<LayerResult> answer, string source) =>
        new(layerCase, answer, source) { Hashes = hashes };

    private Question(LayerCase layerCase, Func<LayerResult> answer, string source)
        : this(layerCase, LayerResult.Empty, ErrorBound.Exact, source) => _expected = new(answer);

    /// <summary>Creates the question of a case with the oracle's own answer.</summary>
    public static Question AnsweredByTheOracle(LayerCase layerCase)
    {
        if (layerCase.Refused is not null)
            return new(layerCase, LayerResult.Empty, ErrorBound.Exact, "the oracle");
        var operation = AllOperations.Named(layerCase.Op);
        var expected = operation.Evaluate(layerCase);
        return new(layerCase, expected, operation.Bound(layerCase, expected), "the oracle");
    }

    /// <summary>The answer that a reply is compared with: the reply itself if a recipe's hashes confirm it, otherwise the expected answer.</summary>
    /// <param name="isLeftOut">Whether a tensor is not judged, so that it need not be in the answer.</param>
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
