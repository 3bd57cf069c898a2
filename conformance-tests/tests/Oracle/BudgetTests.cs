using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Oracle;

/// <summary>The exact tier's promise: with these very numbers no sum, of an output or of any gradient, leaves the integers that float32 holds.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class BudgetTests
{
    private static IEnumerable<CaseEntry> ExactSums() => Repository.Fixtures.Cases().Where(entry =>
        AllOperations.Named(new Spelling(entry.Id).Op) is TapOperation && entry.Draw() is { Tier: Tier.Exact, Refused: null });

    [TestCaseSource(nameof(ExactSums))]
    public void EverySumOfAnExactCaseStaysWithinFloat32(CaseEntry entry)
    {
        var drawn = entry.Draw();
        var operation = (TapOperation)AllOperations.Named(drawn.Op);
        foreach (var (name, magnitudes) in operation.Magnitudes(drawn).Tensors)
            foreach (var magnitude in magnitudes.Data)
                Assert.That(magnitude > ErrorBound.Budget && double.IsFinite(magnitude), Is.False, $"{name}: B is {magnitude}"); // what is infinite or NaN is matched by its class
        foreach (var (name, tensor) in drawn.Inputs)
            if (drawn.Inputs.ContainsKey("weight"))
                Assert.That(tensor.Data.ToArray().All(double.IsInteger), $"{name} is not of integers");
    }
}
