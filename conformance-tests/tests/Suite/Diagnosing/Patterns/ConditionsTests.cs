using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>Tests of the properties that separate failing cases from passing ones.</summary>
internal sealed class ConditionsTests
{
    private static readonly string[] Conv2d =
    [
        "conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0", "conv2d/n3c2h9w11-o5-k2x4-s3x2-p0x2",
        "conv2d/n3c4h8w6-o2-k2x3", "conv2d/n2c5h6w9-o3-k4x2", "conv2d/n2c3h6w6-o4-k3",
        "conv2d/n2c2h8w6-o3-k3x5-p1.2x0.1", "conv2d/n2c3h11w13-o2-k2x3-s4x5",
        "conv2d/n2c3h8w7-o2-k3x2-d2x1", "conv2d/n2c4h6w7-o6-k3x2-g2", "conv2d/n3c2h6w8-o4-k3-p1-s2",
    ];

    /// <summary>With thirty ordinary ones: of few cases nothing is said.</summary>
    private static readonly string[] Many =
    [
        .. Conv2d, "conv2d/n3c2h9w8-o2-k2-d2",
        .. Enumerable.Range(0, 30).Select(i => $"conv2d/n{1 + i % 3}c{1 + i % 4}h{5 + i % 5}w{4 + i % 7}-o{1 + i % 2}-k{1 + i % 3}x{1 + i % 4}"),
    ];

    /// <summary>One output of a row: of 1 to 32 channels.</summary>
    private static readonly string[] Channels = [.. Enumerable.Range(1, 32).Select(c => $"conv2d/n2c{c}h3w5-o3-k2")];

    [TestCase("stride", "fails exactly where stride > 1, and passes where stride = 1")]
    [TestCase("dilation", "fails exactly where dilation > 1, and passes where dilation = 1")]
    public void AnAttributeIsNamed(string name, string said) =>
        Assert.That(Said(layerCase => layerCase.Attributes.Ints(name, 2).Any(value => value > 1), Many), Is.EqualTo(said));

    [Test]
    public void SoIsAConjunction() => Assert.That(
        Said(layerCase => layerCase.Attributes.Ints("stride", 2).Any(value => value > 1) && layerCase.Attributes.Ints("padding", 4).Any(value => value > 0), Many),
        Is.EqualTo("fails exactly where stride > 1 and padding > 0"));

    [TestCase(8, "fails exactly where C is a multiple of 8, and passes where C is none")]
    [TestCase(4, "fails exactly where C is a multiple of 4, and passes where C is none")]
    public void BlocksAreNamed(int block, string said) => Assert.That(
        Said(layerCase => layerCase.Input("input").Shape[1] % block == 0, Channels), Is.EqualTo(said));

    [Test]
    public void SoIsARest() => Assert.That(
        Said(layerCase => layerCase.Input("input").Shape[1] % 4 != 0, Channels),
        Is.EqualTo("fails exactly where C is no multiple of 4, and passes where C is one"));

    [Test]
    public void SoIsALimit() => Assert.That(
        Said(layerCase => layerCase.Input("input").Shape[1] >= 21, Channels), Is.EqualTo("fails exactly where C ≥ 21, and passes where C < 21"));

    [Test]
    public void ABlockAndAnOption() => Assert.That(
        Said(
            layerCase => layerCase.Input("input").Shape[1] % 8 == 0 && layerCase.Attributes.Ints("stride", 2)[0] > 1,
            [.. Channels, .. Channels.Select(id => id + "-s2")]),
        Is.EqualTo("fails exactly where stride > 1 and C is a multiple of 8"));

    /// <summary>An empty batch is nowhere positive, and that says nothing.</summary>
    [Test]
    public void NothingHoldsForABatchOfNone() => Assert.That(
        Condition.ForOperation("relu").Where(one => one.IsOfNumbers && one.Holds(AllOperations.Draw("relu/n0c4"))), Is.Empty);

    [Test]
    public void WhatSomeRightCasesHaveTooIsSaidOtherwise() => Assert.That(
        Said(
            layerCase => layerCase.Id.Contains("-s3x2", StringComparison.Ordinal) || layerCase.Id.Contains("-s4x5", StringComparison.Ordinal),
            Conv2d),
        Does.Not.Contain("stride > 1, and passes"));

    [Test]
    public void TwoThatTheCasesCannotTellApartAreBothNamed() => Assert.That(
        Said(layerCase => layerCase.Id.Contains("-s2", StringComparison.Ordinal), [.. Enumerable.Range(6, 3).Select(h => $"conv2d/n1c1h{h}w6-o1-k3-s2-p1"), .. Enumerable.Range(4, 9).Select(h => $"conv2d/n1c1h{h}w6-o1-k3")]),
        Does.Contain("stride > 1, or padding > 0").And.Contain("can't tell"));

    /// <summary>One of ten cases has many properties that the others have not.</summary>
    [Test]
    public void NothingIsSaidOfTooFewCases() =>
        Assert.That(Said(layerCase => layerCase.Attributes.Ints("dilation", 2).Any(value => value > 1), Conv2d), Is.Null);

    [Test]
    public void NothingIsSaidWithoutARightCase() => Assert.That(Said(_ => true, Conv2d), Is.Null);

    [Test]
    public void NothingIsSaidOfCasesThatHaveNothingInCommon() => Assert.That(
        Said(
            layerCase => layerCase.Id == Conv2d[0] || layerCase.Id == Conv2d[2] || layerCase.Id == Conv2d[4]
                || layerCase.Id == Conv2d[6] || layerCase.Id == Conv2d[8],
            Conv2d),
        Is.Null);

    [Test]
    public void TheReductionIsNamed() => Assert.That(
        Said(layerCase => layerCase.Attributes.Text("reduction") == "mean", "cross_entropy/n5c7-mean", "cross_entropy/n3c10-mean", "cross_entropy/n7c5-sum", "cross_entropy/n4c6-none", "cross_entropy/n4c3-mean-sure",
            "cross_entropy/n6c4-sum", "cross_entropy/n5c3-none", "cross_entropy/n9c4-sum", "cross_entropy/n4c9-none", "cross_entropy/n8c5-sum", "cross_entropy/n7c3-none"),
        Is.EqualTo("fails exactly where reduction is mean, and passes where it is another"));

    private static string? Said(Func<LayerCase, bool> isWrong, params ReadOnlySpan<string> ids) =>
        Conditions.Describe(
            WrongEngine.Evidence("outputs.output", (layerCase, right) => isWrong(layerCase) ? right.Select(value => value + 1) : right, ids));
}
