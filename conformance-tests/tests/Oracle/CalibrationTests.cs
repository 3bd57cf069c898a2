using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Oracle;

/// <summary>
/// Compares the tolerances of non-linear operations with the plainest right engine: loops over float32 numbers, where each operation is rounded. Its
/// error is at most a quarter of the tolerance, and not so small that the tolerance would mean nothing.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class CalibrationTests
{
    private const ulong Seed = 5;
    private const int Geometries = 400;

    [TestCase("cross_entropy")]
    [TestCase("nll_loss")]
    [TestCase("mse_loss")]
    [TestCase("generalized_cross_entropy")]
    [TestCase("sgd")]
    [TestCase("adam")]
    [TestCase("adamw")]
    public void ANaiveLoopStaysWithinAQuarter(string op)
    {
        var (worst, where) = (0.0, "");
        foreach (var layerCase in Cases(op).Where(layerCase => layerCase.Tier == Tier.Bounded))
        {
            var question = Question.AnsweredByTheOracle(layerCase);
            foreach (var tensor in Comparison.Compare(
                question.Expected, AllOperations.Named(op).Float32(layerCase, Summation.Sequential), question.Bound))
            {
                Assert.That(tensor.Problem, Is.Null, $"{layerCase.Id} {tensor.Name}");
                if (!(tensor.Worst <= worst))
                    (worst, where) = (tensor.Worst, $"{layerCase.Id} {tensor.Name}");
            }
        }
        TestContext.Out.WriteLine($"{op}: {worst:G3} of the tolerance, at {where}");
        Assert.That(worst, Is.GreaterThan(0.02).And.LessThanOrEqualTo(0.25), where);
    }

    /// <summary>Where every number is exact, float32 gives the same bits.</summary>
    [TestCase("nll_loss")]
    [TestCase("mse_loss")]
    [TestCase("sgd")]
    public void ANaiveLoopIsExactInTheExactTier(string op)
    {
        var exact = Cases(op).Where(layerCase => layerCase.Tier == Tier.Exact).ToArray();
        Assert.That(exact, Has.Length.GreaterThan(20));
        foreach (var layerCase in exact)
        {
            var question = Question.AnsweredByTheOracle(layerCase);
            Assert.That(
                Comparison.Compare(question.Expected, AllOperations.Named(op).Float32(layerCase, Summation.Sequential), question.Bound)
                    .All(tensor => tensor.Passes),
                layerCase.Id);
        }
    }

    private static IEnumerable<LayerCase> Cases(string op)
    {
        var operation = AllOperations.Named(op);
        var random = Enumerable.Range(0, Geometries).Select(number => AllOperations.Draw(operation.RandomId(Seed, number)!, Seed));
        return op is "cross_entropy" or "generalized_cross_entropy" ? random.Append(AllOperations.Draw(op + "/n8c1000-mean", Seed)) : random;
    }
}
