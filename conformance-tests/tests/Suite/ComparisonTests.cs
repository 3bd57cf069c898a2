using Conformance.Oracle;
using Conformance.Suite;

namespace Conformance.Tests.Suite;

/// <summary>The comparison has teeth: what must not pass doesn't.</summary>
internal sealed class ComparisonTests
{
    [TestCase(1.0, 1.0, 0.0, ExpectedResult = true)]
    [TestCase(1.0, 1.0000001, 0.0, ExpectedResult = false)]
    [TestCase(1.0, 1.5, 0.5, ExpectedResult = true)]
    [TestCase(1.0, 1.5000001, 0.5, ExpectedResult = false)]
    [TestCase(0.0, -0.0, 0.0, ExpectedResult = true)]
    [TestCase(1.0, double.NaN, 1e300, ExpectedResult = false)]
    [TestCase(1.0, double.PositiveInfinity, 1e300, ExpectedResult = false)]
    [TestCase(double.NaN, double.NaN, 0.0, ExpectedResult = true)]
    [TestCase(double.NaN, 1.0, 1e300, ExpectedResult = false)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity, 0.0, ExpectedResult = true)]
    [TestCase(double.PositiveInfinity, double.NegativeInfinity, 1e300, ExpectedResult = false)]
    [TestCase(double.PositiveInfinity, double.NaN, 1e300, ExpectedResult = false)]
    public bool AnElementPassesWithinItsBoundAlone(double expected, double actual, double bound) =>
        Compare(Tensor64.Scalar(expected), Tensor64.Scalar(actual), bound).Passes;

    [Test]
    public void ABoundThatIsNaNPassesNothing() =>
        Assert.That(Compare(Tensor64.Scalar(1), Tensor64.Scalar(1), double.NaN).Passes, Is.False);

    [Test]
    public void AMissingTensorFailsWithAllItsElements()
    {
        var comparison = Comparison.Of(Output(Tensor64.Zeros(2, 3)), new(new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor64>()), ErrorBound.Exact).Single();
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Passes, Is.False);
            Assert.That(comparison.Wrong, Is.EqualTo(6));
            Assert.That(comparison.Problem, Is.EqualTo("missing"));
        });
    }

    [Test]
    public void AnotherShapeFailsThoughTheElementsAreTheSame()
    {
        var comparison = Compare(Tensor64.Zeros(2, 3), Tensor64.Zeros(3, 2), 1);
        Assert.That(comparison.Problem, Is.EqualTo("expected shape [2,3], got [3,2]"));
    }

    [Test]
    public void EveryWrongElementIsCountedAndTheFirstFiveAreShown()
    {
        var expected = Tensor64.Zeros(2, 5);
        var comparison = Compare(expected, expected.Select(_ => 7), 0);
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Wrong, Is.EqualTo(10));
            Assert.That(comparison.First, Has.Count.EqualTo(5));
            Assert.That(comparison.First[4].Index, Is.EqualTo(new[] { 0, 4 }));
            Assert.That(comparison.MaxError, Is.EqualTo(7));
        });
    }

    private static TensorComparison Compare(Tensor64 expected, Tensor64 actual, double bound) => Comparison.Of(
        Output(expected), Output(actual), new ErrorBound(new Dictionary<string, Tensor64> { ["outputs.output"] = Tensor64.Scalar(bound) })).Single();

    private static LayerResult Output(Tensor64 tensor) => new(new Dictionary<string, Tensor64> { ["output"] = tensor }, new Dictionary<string, Tensor64>());
}
