using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>An engine whose tensors have their axes in another order. Only the order changes, so exact answers stay exact.</summary>
/// <param name="order">
/// For a case, one of its tensors and that tensor's rank: the engine's order, in PyTorch's axes ([0, 2, 3, 1] for NHWC); null if it is
/// PyTorch's order.
/// </param>
internal sealed class OtherAxes(ISubject engine, Func<LayerCase, string, int, int[]?> order) : Translator(engine)
{
    protected override IEnumerable<LayerCase> Asked(LayerCase layerCase)
    {
        var needed = layerCase.Inputs.Concat(layerCase.Cotangents).Any(pair => order(layerCase, pair.Key, pair.Value.Rank) is not null);
        return [needed ? layerCase with { Inputs = There(layerCase.Inputs), Cotangents = There(layerCase.Cotangents) } : layerCase];

        Dictionary<string, Tensor64> There(IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.ToDictionary(
                pair => pair.Key, pair => order(layerCase, pair.Key, pair.Value.Rank) is { } axes ? Permuted(pair.Value, axes) : pair.Value);
    }

    protected override LayerResult Combine(LayerCase layerCase, IReadOnlyList<LayerCase> asked, IReadOnlyList<LayerResult> replies)
    {
        return new(Back(replies[0].Outputs), Back(replies[0].Gradients));

        Dictionary<string, Tensor64> Back(IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.ToDictionary(
                pair => pair.Key, pair =>
                order(layerCase, pair.Key, pair.Value.Rank) is { } axes ? Permuted(pair.Value, Inverse(axes)) : pair.Value);
    }

    private static int[] Inverse(int[] axes) => [.. Enumerable.Range(0, axes.Length).Select(axis => Array.IndexOf(axes, axis))];

    /// <summary>Permutes the axes: axis i is the tensor's axis <c>axes[i]</c>. A tensor of another rank is returned unchanged.</summary>
    private static Tensor64 Permuted(Tensor64 tensor, int[] axes)
    {
        if (tensor.Rank != axes.Length)
            return tensor;
        var (arrangement, shape) = (new Arrangement(axes, new bool[axes.Length]), tensor.Shape.ToArray());
        return new(arrangement.Shape(shape), Array.ConvertAll(arrangement.Sources(shape), source => tensor[source]));
    }
}
