using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>A factor is named by the quantity that it equals in every case, and by none that a case contradicts.</summary>
internal sealed class RatioTests
{
    private static readonly string[] Linear = ["linear/n3-i5-o4", "linear/n4-i7-o2", "linear/n6-i2-o3", "linear/n13-i130-o9-float"];
    private static readonly string[] Loss =
        ["cross_entropy/n5c7-mean", "cross_entropy/n3c10-mean", "cross_entropy/n7c5-sum", "cross_entropy/n5c4-mean-l0.1"];

    [Test]
    public void ASignIsNamed() => Assert.That(
        Said("gradients.input", (_, right) => right.Select(value => -value), Linear),
        Is.EqualTo("the sign is wrong: every value is −1 times the right one"));

    [Test]
    public void TwoIsNamed() => Assert.That(
        Said("gradients.weight", (_, right) => right.Select(value => 2 * value), Linear), Is.EqualTo("every value is 2 times the right one"));

    [Test]
    public void TheBatchIsNamed() => Assert.That(
        Said("gradients.weight", (layerCase, right) => right.Select(value => value / layerCase.Input("input").Shape[0]), Linear),
        Is.EqualTo("every value is 1/(N (the batch)) times the right one (seen as 0.3333, 0.25, 0.1667, 0.07692)"));

    [Test]
    public void AQuotientOfTwoIsNamed() => Assert.That(
        Said("gradients.weight", (layerCase, right) => right.Select(value => value * layerCase.Input("input").Shape[0] / layerCase.Input("weight").Shape[0]), Linear),
        Does.StartWith("every value is N/(the number of outputs)"));

    [Test]
    public void SoIsOneOfAnOption() => Assert.That(
        Said("outputs.output", (layerCase, right) => right.Select(value => value * (1 - layerCase.Attributes.Number("p")) / layerCase.Attributes.Number("p")), "dropout/n4c6-p0.25", "dropout/n3c5-p0.5", "dropout/n5c4-p0.75", "dropout/n5c7-p0.125"),
        Does.StartWith("every value is (1 − p)/p times the right one"));

    [Test]
    public void TheBatchIsNamedThoughASumIsRight() => Assert.That(
        Said(
            "gradients.input",
            (layerCase, right) => layerCase.Id.Contains("mean", StringComparison.Ordinal)
                ? right.Select(value => value * layerCase.Input("input").Shape[0])
                : right,
            [.. Loss, "cross_entropy/n9c4-mean-ignored"]),
        Is.EqualTo("every value is N (the batch) times the right one (seen as 5, 3, 9)"));

    /// <summary>An empty batch has no gradient, and 1/0 of it is NaN.</summary>
    [Test]
    public void TheBatchIsNamedThoughOneIsEmpty() => Assert.That(
        Said(
            "gradients.weight",
            (layerCase, right) => right.Select(value => value / layerCase.Input("input").Shape[0]),
            [.. Linear, "linear/n0-i5-o4"]),
        Does.StartWith("every value is 1/(N (the batch)) times the right one"));

    [Test]
    public void TheDivisorOfAWeightedMeanIsNamed() => Assert.That(
        Said("gradients.input", (layerCase, right) => right.Select(value => layerCase.Attributes.Text("reduction") != "mean" ? value
                : value * layerCase.Input("target").Data.ToArray().Where(y => y >= 0)
                    .Sum(y => layerCase.Inputs.TryGetValue("weight", out var weight) ? weight[(int)y] : 1)),
            [.. Loss, "cross_entropy/n5c4-mean-weighted", "cross_entropy/n9c4-mean-ignored", "cross_entropy/n1c3-mean"]),
        Does.StartWith("every value is the weights of the rows that count times the right one"));

    [Test]
    public void SoAreTheClasses() => Assert.That(
        Said("outputs.output", (layerCase, right) => right.Select(value => value / layerCase.Input("input").Shape[1]), Loss),
        Does.StartWith("every value is 1/(the number of classes) times the right one"));

    [Test]
    public void TheWindowIsNamed() => Assert.That(
        Said("gradients.input", (layerCase, right) =>
            right.Select(value => value * layerCase.Attributes.Ints("kernel_size", 2)[0] * layerCase.Attributes.Ints("kernel_size", 2)[1]),
            "avg_pool2d/n2c3h8w6-k2x3-s2x1-float", "avg_pool2d/n2c3h8w6-k2"),
        Does.StartWith("every value is kh·kw (the window) times the right one"));

    [Test]
    public void OfOneSizeAllThatItCouldBeIsSaid() => Assert.That(
        Said("gradients.weight", (_, right) => right.Select(value => 3 * value), "linear/n3-i5-o4"),
        Does.StartWith("every value is N (the batch), or ").And.EndsWith("can't tell which"));

    [Test]
    public void AnyOtherNumberIsSaid() => Assert.That(
        Said("gradients.weight", (_, right) => right.Select(value => 1.75 * value), Linear), Is.EqualTo("every value is 1.75 times the right one"));

    [Test]
    public void ANumberOfEachCaseIsSaidWithoutAName() => Assert.That(
        Said("gradients.weight", (layerCase, right) => right.Select(value => value * (1.5 + layerCase.Id.Length % 13 / 7.0)), Linear),
        Does.StartWith("in each case every value is one number times the right one: "));

    [Test]
    public void OneElementThatDoesNotFitIsEnough() => Assert.That(
        Said("gradients.weight", (_, right) => WrongEngine.Each(right, (index, value) => index.All(at => at == 1) ? value + 1 : 2 * value), Linear),
        Is.Null);

    [Test]
    public void AScalarAloneIsNoRatio() =>
        Assert.That(Said("outputs.output", (_, right) => right.Select(value => 1.2345 * value), "cross_entropy/n5c7-mean"), Is.Null);

    [Test]
    public void ARightCaseThatWouldBeWrongContradicts() => Assert.That(
        Said("gradients.weight", (layerCase, right) => layerCase.Id is "linear/n4-i7-o2"
            ? right
            : right.Select(value => value * layerCase.Input("input").Shape[0]),
            ["linear/n4-i7-o2", "linear/n3-i5-o4", "linear/n6-i2-o3", "linear/n5-i5-o5", "linear/n4-i4-o4"]),
            Does.Not.Contain("N (the batch) times the right one"));

    [TestCase(-1.0, "the bias is missing: every value is its channel's bias less than the right one")]
    [TestCase(1.0, "the bias is added twice")]
    [TestCase(-2.0, "the bias is taken off instead of added")]
    public void ABiasIsNamed(double times, string said) => Assert.That(
        Offset.Find(WrongEngine.Evidence(
            "outputs.output",
            (layerCase, right) => WrongEngine.Each(right, (index, value) => value + times * layerCase.Input("bias")[index[1]]),
            Linear))?.Text,
        Is.EqualTo(said));

    [Test]
    public void AnOffsetIsNamed() => Assert.That(
        Offset.Find(WrongEngine.Evidence("outputs.output", (_, right) => right.Select(value => value - 0.5), Linear))?.Text,
        Is.EqualTo("every value is 0.5 less than the right one"));

    [Test]
    public void NoiseIsNoOffset() => Assert.That(
        Offset.Find(WrongEngine.Evidence("outputs.output", (_, right) => WrongEngine.Each(right, (index, value) => value + index[1]), Linear)),
        Is.Null);

    private static string? Said(string tensor, Func<LayerCase, Tensor64, Tensor64> change, params ReadOnlySpan<string> ids) =>
        Ratio.Find(WrongEngine.Evidence(tensor, change, ids))?.Text;
}
