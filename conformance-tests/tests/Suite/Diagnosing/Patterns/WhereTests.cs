using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>The part of a tensor that holds every wrong element.</summary>
internal sealed class WhereTests
{
    private static readonly string[] Conv2d = ["conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0", "conv2d/n3c4h8w6-o2-k2x3", "conv2d/n2c2h8w6-o3-k3x5-p1.2x0.1"];

    [Test]
    public void TheLastRow() => Assert.That(
        Said("gradients.input", (layerCase, index, _) => index[2] == layerCase.Input("input").Shape[2] - 1, Conv2d),
        Is.EqualTo("wrong only in the last row, and everywhere there"));

    [Test]
    public void EveryImageButTheFirst() => Assert.That(
        Said("outputs.output", (_, index, value) => index[0] > 0 && value > 0, Conv2d),
        Is.EqualTo("wrong only where the right value is positive and behind the first image or row of the batch (n > 0), and everywhere there"));

    [Test]
    public void TheBorder() => Assert.That(
        Said(
            "gradients.input",
            (layerCase, index, _) => index[2] == 0 || index[3] == 0
                || index[2] == layerCase.Input("input").Shape[2] - 1 || index[3] == layerCase.Input("input").Shape[3] - 1,
            Conv2d),
        Is.EqualTo("wrong only at the border, and everywhere there"));

    [Test]
    public void WhereARemainderIsLeft() => Assert.That(
        Said("gradients.input", (layerCase, index, _) => new Windows(layerCase).Axes[0].Remainder > 0
            && index[2] == layerCase.Input("input").Shape[2] - 1, "conv2d/n2c3h8w5-o4-k3x1-s2x1", "conv2d/n2c3h9w5-o4-k3x1-s2x1", "conv2d/n2c4h10w5-o4-k3x1-s2x1"),
        Is.EqualTo("wrong only in the last row or column, where a remainder is left behind the last window, and everywhere there"));

    [Test]
    public void ChannelsFromOneOn() => Assert.That(
        Said("outputs.output", (_, index, _) => index[1] >= 8, "conv2d/n2c1h4w5-o9-k3", "conv2d/n2c1h4w5-o13-k3"),
        Is.EqualTo("wrong only in the last output channels, where a block of 8 is not full, and everywhere there"));

    [Test]
    public void TwoPartsAtOnce() => Assert.That(
        Said("gradients.input", (layerCase, index, _) => index[2] == layerCase.Input("input").Shape[2] - 1 && index[0] > 0, Conv2d),
        Is.EqualTo("wrong only in the last row and behind the first image or row of the batch (n > 0), and everywhere there"));

    [Test]
    public void ATie() => Assert.That(
        Said(
            "gradients.input", (layerCase, index, _) => new Windows(layerCase).InATie(index),
            "max_pool2d/n2c3h8w6-k2-ties", "max_pool2d/n3c2h7w9-k3x2-s2x1-ties", "max_pool2d/n2c3h8w6-k2-zeros"),
        Is.EqualTo("wrong only in windows whose maximum ties, and everywhere there"));

    [Test]
    public void ANegativeInput() => Assert.That(
        Said("gradients.input", (layerCase, index, _) => Input(layerCase, index) < 0, "leaky_relu/n9c9-s0.25", "leaky_relu/n2c3h4w5-s0.25"),
        Is.EqualTo("wrong only where the input is negative, and everywhere there"));

    [Test]
    public void TheTargetsClass() => Assert.That(
        Said(
            "gradients.input", (layerCase, index, _) => layerCase.Input("target")[index[0]] == index[1],
            "cross_entropy/n5c7-mean", "cross_entropy/n3c10-mean"),
        Is.EqualTo("wrong only at the target's class, and everywhere there"));

    [Test]
    public void NothingIsSaidOfWhatIsScattered() =>
        Assert.That(Said("gradients.input", (_, index, _) => (index[0] * 7 + index[1] * 5 + index[2] * 3 + index[3] * 11) % 4 == 1, Conv2d), Is.Null);

    [Test]
    public void NothingIsSaidOfAllElements() => Assert.That(Said("gradients.input", (_, _, _) => true, Conv2d), Is.Null);

    [Test]
    public void NothingIsSaidOfOneElement() => Assert.That(Said("gradients.input", (_, index, _) => index.All(at => at == 0), Conv2d), Is.Null);

    [Test]
    public void NothingIsSaidWhereACaseIsWrongElsewhere() => Assert.That(
        Said(
            "gradients.input",
            (layerCase, index, _) => layerCase.Id == Conv2d[1] ? index[2] + index[3] == 3 : index[2] == layerCase.Input("input").Shape[2] - 1,
            Conv2d),
        Is.Null);

    private static double Input(LayerCase layerCase, int[] index)
    {
        var (flat, input) = (0, layerCase.Input("input"));
        for (var axis = 0; axis < index.Length; axis++)
            flat = flat * input.Shape[axis] + index[axis];
        return input[flat];
    }

    private static string? Said(string tensor, Func<LayerCase, int[], double, bool> isWrong, params ReadOnlySpan<string> ids) =>
        Where.Find(WrongEngine.Evidence(
            tensor,
            (layerCase, right) =>
                WrongEngine.Each(right, (index, value) => isWrong(layerCase, index, value) ? value + 1 + index[0] * 3 % 5 : value),
            ids))?.Text;
}
