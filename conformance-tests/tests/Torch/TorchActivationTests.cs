using Conformance.Oracle;
using static Conformance.Tests.Torch.Cases;

namespace Conformance.Tests.Torch;

/// <summary>Activations, softmax and dropout on cases small enough to work out by hand.</summary>
public sealed class TorchActivationTests
{
    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [Test]
    public void LeakyReluHasItsSlopeAtZero()
    {
        var result = Evaluate(OfInput("leaky_relu", Attributes.FromPairs(("negative_slope", 0.25)), T([3], -8, 0, 2), T([3], 4, 8, 12)));

        Equal(result.Outputs["output"], [3], -2, 0, 2);
        Equal(result.Gradients["input"], [3], 1, 2, 12);
    }

    [Test]
    public void LeakyReluTakesANegativeSlope()
    {
        var result = Evaluate(OfInput("leaky_relu", Attributes.FromPairs(("negative_slope", -2)), T([2], -8, 2), T([2], 1, 1)));

        Equal(result.Outputs["output"], [2], 16, 2);
        Equal(result.Gradients["input"], [2], -2, 1);
    }

    [Test]
    public void TanhOfZeroAndOfAHalfLogarithm()
    {
        // tanh(½ ln 3) = (3 − 1)/(3 + 1).
        var result = Evaluate(OfInput("tanh", Attributes.None, T([2, 1], 0, Math.Log(3) / 2), T([2, 1], 3, 4)));

        Close(result.Outputs["output"], [2, 1], 0, 0.5);
        Close(result.Gradients["input"], [2, 1], 3, 4 * 0.75);
    }

    [Test]
    public void SigmoidOfZeroAndOfALogarithm()
    {
        var result = Evaluate(OfInput("sigmoid", Attributes.None, T([3], 0, Math.Log(3), -1000), T([3], 4, 16, 1)));

        Close(result.Outputs["output"], [3], 0.5, 0.75, 0);
        Close(result.Gradients["input"], [3], 1, 3, 0);
    }

    [TestCase(0, new[] { 0.5, 0.75, 0.5, 0.25 }, new[] { 0.25, 0, -0.25, 0 }, TestName = "Softmax_along_the_first_axis")]
    [TestCase(1, new[] { 0.25, 0.75, 0.5, 0.5 }, new[] { 3.0 / 16, -3.0 / 16, 0, 0 }, TestName = "Softmax_along_the_last_axis")]
    [TestCase(-2, new[] { 0.5, 0.75, 0.5, 0.25 }, new[] { 0.25, 0, -0.25, 0 }, TestName = "Softmax_counts_axes_from_the_end")]
    public void Softmax(int dim, double[] output, double[] gradient)
    {
        var result = Evaluate(OfInput("softmax", Attributes.FromPairs(("dim", dim)), T([2, 2], 0, Math.Log(3), 0, 0), T([2, 2], 1, 0, 0, 0)));

        Close(result.Outputs["output"], [2, 2], output);
        Close(result.Gradients["input"], [2, 2], gradient);
    }

    [Test]
    public void LogSoftmaxTakesLargeNumbers()
    {
        var result =
            Evaluate(OfInput("log_softmax", Attributes.FromPairs(("dim", 1)), T([2, 2], 0, Math.Log(3), 1000, -1000), T([2, 2], 1, 0, 1, 10)));

        Close(result.Outputs["output"], [2, 2], -Math.Log(4), Math.Log(3) - Math.Log(4), 0, -2000);
        Close(result.Gradients["input"], [2, 2], 1 - 0.25, -0.75, 1 - 11, 10);
    }

    [Test]
    public void DropoutScalesWhatItsMaskKeeps()
    {
        var result = Evaluate(Dropout(0.75, 1, 0, 1));

        Equal(result.Outputs["output"], [3], 4, 0, 12);
        Equal(result.Gradients["input"], [3], 20, 0, 28);
        Assert.That(result.Gradients.Keys, Is.EqualTo(["input"]));
    }

    [Test]
    public void DropoutOfEverythingIsZeroAndNotANumberOverZero()
    {
        var result = Evaluate(Dropout(1, 0, 0, 0));

        Equal(result.Outputs["output"], [3], 0, 0, 0);
        Equal(result.Gradients["input"], [3], 0, 0, 0);
    }

    [TestCase(-0.1)]
    [TestCase(1.1)]
    public void DropoutRefusesWhatIsNoProbability(double p) => Assert.That(
        () => Evaluate(Dropout(p, 1, 1, 1)), Throws.ArgumentException.With.Message.StartsWith("dropout probability has to be between 0 and 1"));

    private static LayerCase Dropout(double p, params double[] mask) => Make(
        "dropout", Attributes.FromPairs(("p", p)), new() { ["input"] = T([3], 1, 2, 3), ["mask"] = T([3], mask) }, T([3], 5, 6, 7));
}
