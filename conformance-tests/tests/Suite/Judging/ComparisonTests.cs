using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Suite.Judging;

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
        var comparison = Comparison.Compare(
            Output(Tensor64.Zeros(2, 3)), new(new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor64>()), ErrorBound.Exact)
            .Single();
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Passes, Is.False);
            Assert.That(comparison.Wrong, Is.EqualTo(6));
            Assert.That(comparison.Problem, Is.EqualTo("missing"));
            Assert.That(comparison.MaxError, Is.NaN);
            Assert.That(comparison.First, Is.Empty);
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

    [Test]
    public void TheBoundShownIsThatOfTheFirstLargestError()
    {
        var comparison = Compare(Vector(0, 0, 0, 0), Vector(1, -3, 3, 0.5), Vector(8, 6, 5, 0.25));
        Assert.Multiple(() =>
        {
            Assert.That(comparison.MaxError, Is.EqualTo(3));
            Assert.That(comparison.Bound, Is.EqualTo(6));
            Assert.That(comparison.Worst, Is.EqualTo(2), "0.5 of 0.25");
            Assert.That(comparison.First.Single(), Is.EqualTo(new Mismatch(comparison.First[0].Index, 0, 0.5, 0.25)));
        });
    }

    [Test]
    public void InTheExactTierAnErrorIsBeyondAllMeasure()
    {
        var (right, wrong) = (Compare(Vector(1, 2), Vector(1, 2), Vector(3, 4)), Compare(Vector(1, 2), Vector(1, 3), Vector(0, 0)));
        Assert.Multiple(() =>
        {
            Assert.That((right.MaxError, right.Bound, right.Worst), Is.EqualTo((0, 0, 0)));
            Assert.That((wrong.MaxError, wrong.Bound, wrong.Worst), Is.EqualTo((1, 0, double.PositiveInfinity)));
            Assert.That(Compare(Vector(1, 2), Vector(1, double.NaN), Vector(3, 4)).Worst, Is.EqualTo(double.PositiveInfinity));
        });
    }

    [Test]
    public void ErrorsThatLineUpFailThoughEachIsWithinItsBound()
    {
        var bound = new ErrorBound(Named(Vector(1, 1)))
        {
            Spreads = new Dictionary<string, Spread> { ["outputs.output"] = new(Tensor64.Scalar(1), [0.5]) }
        };
        var aligned = Compare(Vector(0, 0), Vector(0.75, 0.75), bound);
        var steady = Compare(Vector(0, 0), Vector(0.5, 0.5), bound);
        var wrong = Compare(Vector(0, 0), Vector(2, 2), bound);
        Assert.Multiple(() =>
        {
            Assert.That(aligned.Passes, Is.False);
            Assert.That(aligned.Wrong, Is.Zero);
            Assert.That(aligned.Problem, Does.StartWith("the errors line up"));
            Assert.That(steady.Passes, Is.True);
            Assert.That(wrong.Problem, Is.Null, "wrong elements say enough");
        });
    }

    [Test]
    public void ExpectedTensorsAreComparedInTheirOrderAndOthersIgnored()
    {
        var expected = new LayerResult(
            new Dictionary<string, Tensor64> { ["b"] = Vector(1), ["a"] = Vector(2) }, new Dictionary<string, Tensor64> { ["c"] = Vector(3) });
        var actual = new LayerResult(
            new Dictionary<string, Tensor64> { ["a"] = Vector(2), ["b"] = Vector(1), ["z"] = Vector(9) }, expected.Gradients);
        var tensors = Comparison.Compare(expected, actual, ErrorBound.Exact);
        Assert.That(
            tensors.Select(tensor => (tensor.Name, tensor.Shape, tensor.Passes)),
            Is.EqualTo(new[] { ("outputs.b", "[1]", true), ("outputs.a", "[1]", true), ("gradients.c", "[1]", true) }));
    }

    [Test]
    public void TheFirstDifferenceIsNamed()
    {
        var before = Output(new([2, 2], [0, double.NaN, 1, 2]));
        Assert.Multiple(() =>
        {
            Assert.That(ReplyDifference.Find(before, Output(new([2, 2], [-0.0, double.NaN, 1, 2]))), Is.Null);
            Assert.That(
                ReplyDifference.Find(before, Output(new([2, 2], [0, double.NaN, 1.5, 3])))?.ToString(),
                Is.EqualTo("outputs.output at [1,0]: 1 becomes 1.5"));
            Assert.That(
                ReplyDifference.Find(before, Output(new([2, 2], [0, 0, 1, 2])))?.ToString(),
                Is.EqualTo("outputs.output at [0,1]: NaN becomes 0"));
            Assert.That(
                ReplyDifference.Find(before, Output(new([4], [0, double.NaN, 1, 2])))?.ToString(),
                Is.EqualTo("outputs.output [2,2] becomes [4]"));
            Assert.That(ReplyDifference.Find(before, LayerResult.Empty)?.ToString(), Is.EqualTo("outputs.output [2,2] becomes missing"));
        });
    }

    private static TensorComparison Compare(Tensor64 expected, Tensor64 actual, Tensor64 bounds) =>
        Compare(expected, actual, new ErrorBound(Named(bounds)));

    private static TensorComparison Compare(Tensor64 expected, Tensor64 actual, ErrorBound bound) =>
        Comparison.Compare(Output(expected), Output(actual), bound).Single();

    private static Dictionary<string, Tensor64> Named(Tensor64 output) => new() { ["outputs.output"] = output };

    private static Tensor64 Vector(params double[] values) => new([values.Length], values);

    private static TensorComparison Compare(Tensor64 expected, Tensor64 actual, double bound) => Compare(expected, actual, Tensor64.Scalar(bound));

    private static LayerResult Output(Tensor64 tensor) =>
        new(new Dictionary<string, Tensor64> { ["output"] = tensor }, new Dictionary<string, Tensor64>());
}
