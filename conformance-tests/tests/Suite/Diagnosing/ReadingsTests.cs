using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using static Conformance.Tests.Suite.Diagnosing.Wrong;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>Parts of an operand that are never read, or read in another's place: no bank has them all.</summary>
[Parallelizable]
internal sealed class ReadingsTests
{
    [Test]
    public void ChannelsOfAGradientThatAreNeverRead() => Assert.That(
        Said("avg_pool2d", "gradients.input", layerCase => Dy(layerCase, (index, _) => index[1] % 2 == 1)),
        Is.EqualTo("every second channel of the gradient that comes in is never read"));

    [Test]
    public void OnlyTheFirstWindowsGradient() => Assert.That(
        Said("avg_pool2d", "gradients.input", layerCase => Dy(layerCase, (index, _) => index[2] + index[3] > 0)),
        Does.StartWith("only the first row of the gradient that comes in is ever read; and only the first column"));

    [Test]
    public void ChannelsBehindABlock() => Assert.That(
        Said("linear", "outputs.output", layerCase => layerCase with
        {
            Inputs = layerCase.Inputs.ToDictionary(
                pair => pair.Key, pair => pair.Key == "input" ? Without(pair.Value, (index, _) => index[1] >= 8) : pair.Value),
        }),
        Does.StartWith("of the input nothing behind ").And.EndsWith(" 7 is ever read"));

    /// <summary>An engine that does so for some shapes alone is named with the shapes.</summary>
    [Test]
    public void AWayThroughTheEngine()
    {
        var cause = Causes(But((layerCase, right) => layerCase.Attributes.Flag("count_include_pad") ? right : With(right, "gradients.input", _ =>
            AllOperations.Named("avg_pool2d").Evaluate(Dy(layerCase, (index, _) => index[1] == 0)).Gradients["input"])), "avg_pool2d")[0];
        Assert.Multiple(() =>
        {
            Assert.That(cause.Explanations.Select(defect => defect.Mistake), Does.Contain("the first channel of the gradient that comes in is never read"));
            Assert.That(cause.Condition, Is.EqualTo("count_include_pad is off"));
        });
    }

    private static string Said(string op, string tensor, Func<LayerCase, LayerCase> read) =>
        Causes(But((layerCase, right) => With(right, tensor, _ =>
            AllOperations.Named(op).Evaluate(read(layerCase)).Tensors.First(pair => pair.Key == tensor).Value)), op)[0].Explanations[0].Mistake;

    private static LayerCase Dy(LayerCase layerCase, Func<int[], int[], bool> isLost) => layerCase with
    {
        Cotangents = layerCase.Cotangents.ToDictionary(pair => pair.Key, pair => Without(pair.Value, isLost)),
    };

    private static Tensor64 Without(Tensor64 tensor, Func<int[], int[], bool> isLost) =>
        WrongEngine.Each(tensor, (index, value) => isLost(index, tensor.Shape.ToArray()) ? 0 : value);
}
