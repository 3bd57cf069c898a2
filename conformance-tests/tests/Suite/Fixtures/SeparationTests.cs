using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>The measure of how well a case tells a mistake from right.</summary>
internal sealed class SeparationTests
{
    private static readonly LayerCase Relu = AllOperations.Draw("relu/n1c3");

    [TestCase(Tier.Exact, ExpectedResult = 1)]
    [TestCase(Tier.Bounded, ExpectedResult = 10)]
    public double AClaimedDefectDiffersByAtLeast(Tier tier) => Separation.Least(tier);

    [TestCase(Tier.Exact, ExpectedResult = 4)]
    [TestCase(Tier.Bounded, ExpectedResult = 6)] // 3 of 0.5 is more than 4 of 2
    public double TheWorstElementCounts(Tier tier) =>
        Separation.Measure(
            Relu with { Tier = tier }, Output(1, 1, 1, 1), Output(1, 4, 5, 2),
            new(new Dictionary<string, Tensor64> { ["outputs.output"] = new([4], [1, 0.5, 2, 1]) }));

    /// <summary>−0 is 0, and nothing divided by no tolerance is nothing.</summary>
    [TestCase(0.0, -0.0, ExpectedResult = 0)]
    [TestCase(double.NaN, double.NaN, ExpectedResult = 0)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity, ExpectedResult = 0)]
    [TestCase(double.PositiveInfinity, double.NegativeInfinity, ExpectedResult = double.PositiveInfinity)]
    [TestCase(1.0, double.NaN, ExpectedResult = double.PositiveInfinity)]
    [TestCase(1.0, 2.0, ExpectedResult = double.PositiveInfinity)]
    public double WithoutAToleranceADifferenceIsInfinite(double right, double other) =>
        Separation.Measure(Relu with { Tier = Tier.Bounded }, Output(right), Output(other), ErrorBound.Exact);

    [Test]
    public void ElementsAfterAnEqualOneCount() =>
        Assert.That(Separation.Measure(Relu, Output(1, 2), Output(1, 5), ErrorBound.Exact), Is.EqualTo(3));

    [Test]
    public void AMissingTensorIsInfinitelyFar() =>
        Assert.That(Separation.Measure(Relu, Output(1), LayerResult.Empty, ErrorBound.Exact), Is.EqualTo(double.PositiveInfinity));

    [Test]
    public void SoIsOneOfAnotherShape() =>
        Assert.That(Separation.Measure(Relu, Output(1), Output(1, 1), ErrorBound.Exact), Is.EqualTo(double.PositiveInfinity));

    [TestCase("conv2d/n1c1h3w4-o1-k5", "conv2d.kernel-too-large-accepted", ExpectedResult = 1)]
    [TestCase("conv2d/n1c1h3w4-o1-k5", "conv2d.kernel-rotated", ExpectedResult = 0)]
    [TestCase("max_pool2d/n1c1h3w4-k2-p2", "max_pool2d.kernel-too-large-accepted", ExpectedResult = 0)]
    [TestCase("max_pool2d/n1c1h3w4-k2-p2", "max_pool2d.padding-unchecked", ExpectedResult = 1)]
    public double OfARefusalItIsWhetherTheDefectAccepts(string id, string defect) =>
        Separation.Measure(
            Question.AnsweredByTheOracle(AllOperations.Draw(id)), AllOperations.Named(id.Split('/')[0]).Defects.Single(one => one.Id == defect));

    [Test]
    public void OfNumbersItIsTheDistanceOfTheDefectsAnswer()
    {
        var question = Question.AnsweredByTheOracle(Relu);
        var defect = AllOperations.Named("relu").Defects.Single(one => one.Id == "relu.mask-missing");
        var other = AllOperations.Named("relu").Evaluate(Relu, defect);
        Assert.That(
            Separation.Measure(question, defect),
            Is.EqualTo(Separation.Measure(Relu, question.Expected, other, question.Bound)).And.Positive);
    }

    private static LayerResult Output(params double[] values) =>
        LayerResult.Empty with { Outputs = new Dictionary<string, Tensor64> { ["output"] = new([values.Length], values) } };
}
