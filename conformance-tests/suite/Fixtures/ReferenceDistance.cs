using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// The distance between two correct float64 answers to one case, in units that rounding is proportional to. For sums the unit is B, the same sum over
/// absolute values. For a formula it is bound/u, which is c·|r| + S. In the exact tier both answers are the same integers, and the unit is 0.
/// </summary>
public static class ReferenceDistance
{
    /// <summary>The largest allowed distance between reference and oracle, in units.</summary>
    public const double MostOfTwo = 1e-12;

    /// <summary>The largest distance, in units, of answers of one reference on two CPUs. Such a number has not changed.</summary>
    public const double MostOfOne = 1e-13;

    /// <summary>The unit of each element, by the names of <see cref="LayerResult.Tensors"/>.</summary>
    public static ErrorBound Unit(LayerCase layerCase, LayerResult expected, ErrorBound bound) => layerCase.Tier == Tier.Exact
        ? ErrorBound.Exact
        : AllOperations.Named(layerCase.Op) is TapOperation operation
            ? new(operation.Magnitudes(layerCase).Tensors.ToDictionary())
            : new(expected.Tensors.ToDictionary(
                pair => pair.Key, pair =>
                bound.Tensors.TryGetValue(pair.Key, out var of) ? of.Select(value => value / ErrorBound.U) : Tensor64.Scalar(0)));

    /// <summary>Two answers, tensor by tensor, within <see cref="MostOfTwo"/> units.</summary>
    public static IReadOnlyList<TensorComparison> Compare(LayerResult expected, LayerResult other, ErrorBound unit) =>
        Comparison.Compare(expected, other, Within(MostOfTwo, unit));

    /// <summary>A tolerance of this many units.</summary>
    public static ErrorBound Within(double units, ErrorBound unit) =>
        new(unit.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Select(value => value * units)));

    /// <summary>The largest difference in units; infinite if a tensor is missing, has another shape, or differs where the unit is 0.</summary>
    /// <param name="tensors">What <see cref="Compare"/> found.</param>
    public static double Largest(IReadOnlyList<TensorComparison> tensors) => tensors.Any(tensor => tensor.Problem is not null)
        ? double.PositiveInfinity
        : tensors.Select(tensor => tensor.Worst * MostOfTwo).DefaultIfEmpty().Max();
}
