using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Dialects;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>The right values in another arrangement are said to be just that.</summary>
internal sealed class LayoutTests
{
    private static readonly string[] Linear = ["linear/n3-i5-o4", "linear/n4-i7-o2", "linear/n4-i6-o6"];
    private static readonly string[] Conv2d = ["conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0", "conv2d/n3c4h8w6-o2-k2x3", "conv2d/n2c3h6w6-o4-k3"];

    [Test]
    public void WeightsMayBeInOut() => Assert.That(
        Said("gradients.weight", (_, right) => WrongEngine.Permuted(right, 1, 0), Linear),
        Is.EqualTo("identical up to layout: the gradient of weight is [in, out] instead of [out, in] (axes 1,0)"));

    [Test]
    public void OrLaidOutAnewInTheRightShape() => Assert.That(
        Said("gradients.weight", (_, right) => WrongEngine.Reshaped(WrongEngine.Permuted(right, 1, 0), right.Shape), Linear),
        Is.EqualTo("identical up to layout: the gradient of weight is [in, out] instead of [out, in] (axes 1,0), laid out anew in the right shape"));

    [Test]
    public void ChannelsMayBeLast() => Assert.That(
        Said("outputs.output", (_, right) => WrongEngine.Permuted(right, 0, 2, 3, 1), Conv2d),
        Is.EqualTo("identical up to layout: output is [N, OH, OW, O] instead of [N, O, OH, OW] (axes 0,2,3,1)"));

    [Test]
    public void AKernelMayBeReversed() => Assert.That(
        Said(
            "gradients.weight",
            (_, right) => new(
                right.Shape, [.. new Arrangement([0, 1, 2, 3], [false, false, true, true]).Sources(right.Shape.ToArray()).Select(at => right[at])]),
            Conv2d),
        Is.EqualTo("identical up to layout: the gradient of weight is reversed along KH and KW instead of [O, C, KH, KW]"));

    [Test]
    public void ABiasMayBeARow() => Assert.That(
        Said("gradients.bias", (_, right) => WrongEngine.Reshaped(right, 1, right.Length), [.. Linear, "linear/n5-i3-o1"]),
        Is.EqualTo("identical up to layout: the gradient of bias has the shape [1, out] instead of [out]; its values are right"));

    [Test]
    public void WhatIsFlattenedMayHaveHadItsChannelsLast() => Assert.That(
        Said(
            "outputs.output",
            (layerCase, right) => WrongEngine.Reshaped(
                WrongEngine.Permuted(WrongEngine.Reshaped(right, layerCase.Input("input").Shape), 0, 2, 3, 1), right.Shape),
            "flatten/n4c16h5w5",
            "flatten/n2c3h4w6"),
        Is.EqualTo("identical up to layout: output is [N, H, W, C] instead of [N, C, H, W] (axes 0,2,3,1), and then flattened"));

    [Test]
    public void OneOddCaseIsEnoughToSayNothing() => Assert.That(
        Said(
            "gradients.weight",
            (layerCase, right) => layerCase.Id == Linear[1] ? right.Select(value => value + 1) : WrongEngine.Permuted(right, 1, 0),
            Linear),
        Is.Null);

    [Test]
    public void ACaseThatWouldHaveChangedAndIsRightIsEnoughToo() => Assert.That(
        Said("gradients.weight", (layerCase, right) => layerCase.Id == Linear[1] ? right : WrongEngine.Permuted(right, 1, 0), Linear), Is.Null);

    [Test]
    public void EqualValuesProveNothing() => Assert.That(
        Said("outputs.output", (_, right) => right.Select(_ => 1.0), Linear), Is.Null);

    private static string? Said(string tensor, Func<LayerCase, Tensor64, Tensor64> change, params ReadOnlySpan<string> ids) =>
        Layout.Find(WrongEngine.Evidence(tensor, change, ids))?.Text;
}
