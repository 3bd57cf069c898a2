using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>
/// The promise of the exact tier: with the stored numbers, every sum of an output or gradient is an integer that float32 holds exactly.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class BudgetTests
{
    private static IEnumerable<TestCaseData> OfTaps() =>
        Repository.Operations.Where(operation => AllOperations.Named(operation) is TapOperation).Select(operation => LongOnes.Operations.AsTest(operation));

    private static IEnumerable<LayerCase> Exact(string operation) =>
        Repository.CasesOf(operation).Select(entry => entry.Draw()).Where(drawn => drawn is { Tier: Tier.Exact, Refused: null });

    [TestCaseSource(nameof(OfTaps))]
    public void EverySumOfAnExactCaseStaysWithinFloat32(string operation) => Bulk.Check(Exact(operation), layerCase => layerCase.Id, layerCase =>
    {
        foreach (var (name, magnitudes) in ((TapOperation)AllOperations.Named(operation)).Magnitudes(layerCase).Tensors)
            foreach (var magnitude in magnitudes.Data)
                if (magnitude > ErrorBound.Budget && double.IsFinite(magnitude)) // what is infinite or NaN is matched by its class
                    return $"{name}: B is {magnitude}";
        if (layerCase.Inputs.ContainsKey("weight"))
            foreach (var (name, tensor) in layerCase.Inputs)
                if (!tensor.Data.ToArray().All(double.IsInteger))
                    return $"{name} is not of integers";
        return null;
    });
}
