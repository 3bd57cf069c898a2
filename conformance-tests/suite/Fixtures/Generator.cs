using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// Makes a stored vector: the answer of the reference in float64, cross-checked with the oracle, with the tolerance and the proof that the case
/// tells right from wrong.
/// </summary>
/// <param name="float64">The reference in float64, normally live torch.</param>
/// <param name="float32">The same reference in float32.</param>
public sealed class Generator(IOracle float64, IOracle float32, string reference)
{
    /// <summary>How far, in units of u·(|r| + 1), reference and oracle may disagree in float64.</summary>
    private const double Agreement = 1e-5;

    /// <exception cref="InvalidOperationException">Reference and oracle disagree, or the case does not tell its defects from right.</exception>
    public StoredVector Make(CaseEntry entry)
    {
        var layerCase = AllOperations.Draw(entry.Id, catches: entry.Catches);
        var operation = AllOperations.Named(layerCase.Op);
        var expected = float64.Evaluate(layerCase);
        var taps = operation.Evaluate(layerCase);
        Require(layerCase, Comparison.Of(expected, taps, layerCase.Tier == Tier.Exact ? ErrorBound.Exact : CloseTo(expected)), "the oracle");

        var rounded = float32.Evaluate(layerCase);
        var bound = operation.Bound(layerCase, expected, rounded);
        var float32Error = Separation.Of(layerCase, expected, rounded, bound);
        if (float32Error > (layerCase.Tier == Tier.Exact ? 0 : 0.25))
            throw new InvalidOperationException($"{layerCase.Id}: the reference's own float32 error is {float32Error:G3} × the tolerance: more than a quarter");

        var separation = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var id in entry.Catches)
        {
            var wrong = operation.Evaluate(layerCase, operation.Defects.Single(defect => defect.Id == id));
            separation[id] = Separation.Of(layerCase, expected, wrong, bound);
            if (!(separation[id] >= Separation.Least(layerCase.Tier)))
                throw new InvalidOperationException($"{layerCase.Id}: claims to catch {id}, but that differs by {separation[id]:G3} at most");
        }
        return new(layerCase, expected, bound, separation, new(reference, "tools/conformance fixtures regenerate", float32Error));
    }

    private static ErrorBound CloseTo(LayerResult expected) => new(expected.Tensors.ToDictionary(
        pair => pair.Key, pair => pair.Value.Select(value => ErrorBound.U * Agreement * (Math.Abs(value) + 1))));

    private static void Require(LayerCase layerCase, IReadOnlyList<TensorComparison> tensors, string what)
    {
        if (tensors.FirstOrDefault(tensor => !tensor.Passes) is { } wrong)
            throw new InvalidOperationException($"{layerCase.Id}: the reference and {what} disagree on {wrong.Name}: {wrong.Problem ?? $"{wrong.Wrong} of {wrong.Count} elements, by {wrong.MaxError:G3} at most"}");
    }
}
