using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Fixtures;

/// <summary>A stored case that contains the parameters of its fills, and hashes instead of its answer.</summary>
public static class Recipe
{
    /// <summary>Creates the question of a recipe.</summary>
    /// <param name="file">The recipe's file, for errors.</param>
    /// <exception cref="FixtureException">Thrown later, when the answer is read: the oracle's answer has other hashes.</exception>
    public static Question ToQuestion(string file, LayerCase layerCase, IReadOnlyDictionary<string, TensorHash> hashes, string source) =>
        Question.FromHashes(layerCase, hashes, () => Answer(file, layerCase, hashes), source);

    private static LayerResult Answer(string file, LayerCase layerCase, IReadOnlyDictionary<string, TensorHash> hashes)
    {
        var answer = AllOperations.Named(layerCase.Op).Evaluate(layerCase);
        var tensors = answer.Tensors.ToDictionary();
        foreach (var (name, hash) in hashes)
            if (!tensors.TryGetValue(name, out var tensor) || TensorHash.FromTensor(tensor) != hash)
                throw new FixtureException(
                    file, "expected." + name, "the oracle's answer has another hash: the file was changed, or the oracle is wrong");
        return tensors.Count == hashes.Count
            ? answer
            : throw new FixtureException(
                file, "expected", $"tensors {string.Join(", ", hashes.Keys)}, where the oracle answers {string.Join(", ", tensors.Keys)}");
    }
}
