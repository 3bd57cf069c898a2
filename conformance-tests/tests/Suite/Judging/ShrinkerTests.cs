using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Judging;

/// <summary>A failing geometry becomes the least one that still shows the mistake.</summary>
internal sealed class ShrinkerTests
{
    [TestCase("conv2d.backward-weight-ignores-stride", "conv2d/n17c3h12w11-o5-k3x2-s3x2-p1x2-d2x1-g1")]
    [TestCase("conv2d.kernel-rotated", "conv2d/n17c4h12w11-o6-k3x2-s3x2-p1x2-d2x1-g2")]
    [TestCase("max_pool2d.overlap-assigned", "max_pool2d/n16c3h11w12-k4x3-s1x2-p1x0-d2x1-ceil")]
    [TestCase("linear.weight-transposed", "linear/n17-i33-o15")]
    public void AFailureShrinks(string defectId, string id)
    {
        var defect = AllOperations.DefectOf(defectId);
        var smallest = Shrinker.Smallest(id, 7, Fails);
        var (before, after) = (AllOperations.Draw(id, 7), AllOperations.Draw(smallest, 7));
        Assert.Multiple(() =>
        {
            Assert.That(Fails(after), Is.True);
            Assert.That(after.Input("input").Length, Is.LessThanOrEqualTo(12));
            Assert.That(after.Input("input").Length, Is.LessThan(before.Input("input").Length));
        });

        bool Fails(LayerCase layerCase) => Judge.Run(new DefectSubject(defect), Question.AnsweredByTheOracle(layerCase)).Verdict == Verdict.Fail;
    }

    [Test]
    public void WhatFailsInOneFormAloneStaysAsItIs() =>
        Assert.That(Shrinker.Smallest("linear/n3-i5-o4", 1, layerCase => layerCase.Id == "linear/n3-i5-o4"), Is.EqualTo("linear/n3-i5-o4"));
}
