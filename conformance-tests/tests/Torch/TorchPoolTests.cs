using Conformance.Oracle;
using static Conformance.Tests.Torch.Cases;

namespace Conformance.Tests.Torch;

/// <summary>The average pools on cases small enough to work out by hand.</summary>
public sealed class TorchPoolTests
{
    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [TestCase(true, new double[] { 1, 3, 2, 4, 10, 6, 3, 7, 4 }, new double[] { 1.25, 1, 1, 1 })]
    [TestCase(false, new double[] { 4, 6, 8, 8, 10, 12, 12, 14, 16 }, new double[] { 2, 1, 1, 1 })]
    public void AvgPool2dCountsThePaddingOrNot(bool counts, double[] output, double[] gradient)
    {
        var result = Evaluate(OfInput(
            "avg_pool2d", Pool([2, 2], [1, 1], [1, 1], counts: counts), T([1, 1, 2, 2], 4, 8, 12, 16), T([1, 1, 3, 3], 1, 0, 0, 0, 4, 0, 0, 0, 0)));

        Equal(result.Outputs["output"], [1, 1, 3, 3], output);
        Equal(result.Gradients["input"], [1, 1, 2, 2], gradient);
    }

    [TestCase(true, new double[] { 4, 6, 3 }, new double[] { 1, 1 + 3, 3, 3 + 5 })]
    [TestCase(false, new double[] { 6, 6, 6 }, new double[] { 1.5, 1.5 + 3, 3, 3 + 10 })]
    public void AvgPool2dDividesAPartialWindowByWhatLiesWithinThePadding(bool counts, double[] output, double[] gradient)
    {
        // Windows of three that start at −1, 1 and 3. The last has one element, one place of padding, and one place beyond, which never counts.
        var result = Evaluate(OfInput(
            "avg_pool2d", Pool([1, 3], [1, 2], [0, 1], ceil: true, counts: counts), T([1, 1, 1, 4], 6, 6, 6, 6), T([1, 1, 1, 3], 3, 9, 10)));

        Equal(result.Outputs["output"], [1, 1, 1, 3], output);
        Equal(result.Gradients["input"], [1, 1, 1, 4], gradient);
    }

    [Test]
    public void AdaptiveAvgPool2dTakesWindowsThatOverlap()
    {
        var result = Evaluate(OfInput(
            "adaptive_avg_pool2d", Attributes.FromPairs(("output_size", new[] { 1, 3 })), T([1, 1, 1, 5], 2, 4, 6, 8, 10), T([1, 1, 1, 3], 2, 3, 4)));

        Equal(result.Outputs["output"], [1, 1, 1, 3], 3, 6, 9);
        Equal(result.Gradients["input"], [1, 1, 1, 5], 1, 1 + 1, 1, 1 + 2, 2);
    }

    [Test]
    public void AdaptiveAvgPool2dGivesMoreThanItGets()
    {
        var result = Evaluate(OfInput(
            "adaptive_avg_pool2d", Attributes.FromPairs(("output_size", new[] { 3, 1 })), T([1, 1, 2, 1], 2, 4), T([1, 1, 3, 1], 1, 20, 300)));

        Equal(result.Outputs["output"], [1, 1, 3, 1], 2, 3, 4);
        Equal(result.Gradients["input"], [1, 1, 2, 1], 11, 310);
    }

    [Test]
    public void APoolOfNoImagesIsEmpty()
    {
        var result = Evaluate(OfInput("avg_pool2d", Pool([2, 2], [2, 2], [0, 0]), Tensor64.Zeros(0, 3, 4, 4), Tensor64.Zeros(0, 3, 2, 2)));

        Equal(result.Outputs["output"], [0, 3, 2, 2]);
        Equal(result.Gradients["input"], [0, 3, 4, 4]);
    }

    private static Attributes Pool(int[] kernel, int[] stride, int[] padding, bool ceil = false, bool counts = true) => Attributes.FromPairs(
        ("kernel_size", kernel), ("stride", stride), ("padding", padding), ("ceil_mode", ceil), ("count_include_pad", counts));
}
