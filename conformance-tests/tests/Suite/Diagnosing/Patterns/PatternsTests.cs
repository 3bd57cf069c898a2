using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>All that is said of a tensor: what, where, when; and nothing where nothing holds.</summary>
internal sealed class PatternsTests
{
    private static readonly string[] Conv2d =
    [
        "conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0", "conv2d/n3c2h9w11-o5-k2x4-s3x2-p0x2", "conv2d/n3c4h8w6-o2-k2x3",
        "conv2d/n2c5h6w9-o3-k4x2", "conv2d/n2c2h8w6-o3-k3x5-p1.2x0.1", "conv2d/n2c3h11w13-o2-k2x3-s4x5", "conv2d/n2c3h8w8-o4-k3-s2-p1",
    ];

    [Test]
    public void WhatAndWhenAreBothSaid() => Assert.That(
        Said("gradients.weight", (layerCase, right) => layerCase.Attributes.Ints("stride", 2)[0] > 1 ? right.Select(value => -value) : right),
        Is.EqualTo(
            new[] { "the sign is wrong: every value is −1 times the right one", "fails exactly where stride > 1, and passes where stride = 1" }));

    [Test]
    public void NothingIsSaidOfNoise()
    {
        var noise = new Fill(1, "patterns", "noise");
        Assert.That(Said("gradients.weight", (_, right) => right.Select(value => value + noise.Pick(-3, 3))), Is.Empty);
    }

    /// <summary>Half of the cases transposed, the other half negated: no line may claim either.</summary>
    [Test]
    public void NothingIsSaidOfTwoMistakesInOneTensor() => Assert.That(
        Said(
            "gradients.input",
            (layerCase, right) => Conv2d.IndexOf(layerCase.Id) % 2 == 0 ? right.Select(value => -value) : right.Select(value => value * value + 1)),
        Is.Empty);

    /// <summary>Each operation's own mistakes make something of the patterns, and none makes them fall over.</summary>
    [TestCase("max_pool2d", "max_pool2d.ties-to-all", "gradients.input", "wrong only in windows whose maximum ties", "max_pool2d/n2c3h8w6-k2-ties", "max_pool2d/n3c2h7w9-k3x2-s2x1-ties", "max_pool2d/n2c3h6w8-k2-address", "max_pool2d/n1c2h7w5-k3x2-s2x1-p1-address")]
    [TestCase("cross_entropy", "cross_entropy.gradient-not-averaged", "gradients.input", "every value is N (the batch), or the weights of the rows that count times the right one: the cases can't tell which", "cross_entropy/n5c7-mean", "cross_entropy/n3c10-mean", "cross_entropy/n7c5-sum", "cross_entropy/n4c6-none")]
    [TestCase("linear", "linear.bias-gradient-mean", "gradients.bias", "every value is 1/(N (the batch)) times the right one (seen as 0.3333, 0.25, 0.1667)", "linear/n3-i5-o4", "linear/n4-i7-o2", "linear/n6-i2-o3")]
    public void AKnownMistakeShowsItsPattern(string op, string defect, string tensor, string said, params string[] ids)
    {
        var evidence = WrongEngine.Evidence(new Conformance.Suite.Judging.DefectSubject(AllOperations.DefectOf(defect)), ids);
        Assert.That((evidence.Op, evidence.Tensor), Is.EqualTo((op, tensor)));
        Assert.That(AllPatterns.Find(evidence).Select(pattern => pattern.Text), Has.Some.StartsWith(said));
    }

    private static string[] Said(string tensor, Func<LayerCase, Tensor64, Tensor64> change) =>
        [.. AllPatterns.Find(WrongEngine.Evidence(tensor, change, Conv2d)).Select(pattern => pattern.Text)];
}
