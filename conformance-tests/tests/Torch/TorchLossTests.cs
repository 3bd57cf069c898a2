using System.Runtime.InteropServices;
using Conformance.Oracle;
using static Conformance.Tests.Torch.Cases;

namespace Conformance.Tests.Torch;

/// <summary>The losses that have no test in <see cref="TorchOracleTests"/>, on cases small enough to work out by hand.</summary>
public sealed class TorchLossTests
{
    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [TestCase("mean", (2 + 7) / 2.0, 0.5)]
    [TestCase("sum", 2 + 7.0, 1)]
    public void NllLossTakesTheTargetOff(string reduction, double loss, double share)
    {
        var result = Evaluate(Nll([1, 0], Attributes.FromPairs(("reduction", reduction))));

        Equal(result.Outputs["output"], [], loss);
        Equal(result.Gradients["input"], [2, 3], 0, -share, 0, -share, 0, 0);
        Assert.That(result.Gradients.Keys, Is.EqualTo(["input"]));
    }

    [TestCase("mean", (5 * 2 + 3 * 7) / 8.0, 1.0 / 8)]
    [TestCase("sum", 5 * 2 + 3 * 7, 1)]
    public void NllLossDividesByTheWeightsOfItsTargets(string reduction, double loss, double share)
    {
        var result = Evaluate(Nll([1, 0], Attributes.FromPairs(("reduction", reduction)), [3, 5, 11]));

        Close(result.Outputs["output"], [], loss);
        Close(result.Gradients["input"], [2, 3], 0, -5 * share, 0, -3 * share, 0, 0);
    }

    [TestCase("mean", 7, 1.0)]
    [TestCase("sum", 3 * 7, 3.0)]
    public void NllLossLeavesOutWhatItIgnores(string reduction, double loss, double share)
    {
        foreach (var ignored in new[] { 2, -1, 255 })
        {
            var result = Evaluate(Nll([ignored, 0], Attributes.FromPairs(("reduction", reduction), ("ignore_index", ignored)), [3, 5, 11]));

            Equal(result.Outputs["output"], [], loss);
            Equal(result.Gradients["input"], [2, 3], 0, 0, 0, -share, 0, 0);
        }
    }

    [Test]
    public void NllLossIgnoresMinus100WithoutBeingTold() =>
        Equal(Evaluate(Nll([-100, 0], Attributes.FromPairs(("reduction", "mean")))).Outputs["output"], [], 7);

    [Test]
    public void NllLossOfEachImageTakesACotangentAndIsZeroWhereIgnored()
    {
        var result = Evaluate(Nll([0, 1], Attributes.FromPairs(("reduction", "none"), ("ignore_index", 1)), [3, 5, 11], T([2], 10, 100)));

        Equal(result.Outputs["output"], [2], 3 * 1, 0);
        Equal(result.Gradients["input"], [2, 3], -30, 0, 0, 0, 0, 0);
    }

    [TestCase("nll_loss")]
    [TestCase("cross_entropy")]
    public void TheMeanOverNothingButIgnoredImagesIsNotANumber(string op)
    {
        LayerCase Case(string reduction) => Make(op, Attributes.FromPairs(("reduction", reduction), ("ignore_index", 1)), new()
        {
            ["input"] = T([2, 2], -1, -2, -3, -4),
            ["target"] = T([2], 1, 1),
        }, reduction == "none" ? T([2], 1, 1) : null);

        var mean = Evaluate(Case("mean"));

        Equal(mean.Outputs["output"], [], double.NaN);
        Equal(Evaluate(Case("sum")).Outputs["output"], [], 0);
        Equal(Evaluate(Case("none")).Outputs["output"], [2], 0, 0);
    }

    [Test]
    public void NllLossRefusesAClassThatThereIsNot()
    {
        Assert.That(
            () => Evaluate(Nll([3, 0], Attributes.FromPairs(("reduction", "mean")))),
            Throws.InstanceOf<ExternalException>().With.Message.Contains("Target 3 is out of bounds"));
        Assert.That(
            () => Evaluate(Nll([-100, 0], Attributes.FromPairs(("reduction", "mean"), ("ignore_index", 1)))),
            Throws.ArgumentException.With.Message.EqualTo("Target -100 is out of bounds."));
    }

    [TestCase("mean", 4.5, 0.25)]
    [TestCase("sum", 18, 1)]
    public void MseLossAveragesOverAllElements(string reduction, double loss, double share)
    {
        var result = Evaluate(Mse(Attributes.FromPairs(("reduction", reduction))));

        Equal(result.Outputs["output"], [], loss);
        Equal(result.Gradients["input"], [2, 2], 2 * share, -4 * share, -6 * share, 4 * share);
        Assert.That(result.Gradients.Keys, Is.EqualTo(["input"]));
    }

    [Test]
    public void MseLossOfEachElementKeepsTheShape()
    {
        var result = Evaluate(Mse(Attributes.FromPairs(("reduction", "none")), T([2, 2], 1, 10, 100, 1000)));

        Equal(result.Outputs["output"], [2, 2], 1, 4, 9, 4);
        Equal(result.Gradients["input"], [2, 2], 2, -40, -600, 4000);
    }

    [TestCase(1, 0.75, 3.0 / 16, TestName = "Generalized_cross_entropy_with_q_1_is_the_probability_of_the_rest")]
    [TestCase(0.5, 1, 3.0 / 8, TestName = "Generalized_cross_entropy_with_q_a_half")]
    public void GeneralizedCrossEntropy(double q, double loss, double slope)
    {
        // The target's probability is 1/4: (1 − 4^−q)/q, and the gradient of its logit is −p^q·(1 − p).
        var result = Evaluate(Gce(q, "sum", [0, Math.Log(3)], 0));

        Close(result.Outputs["output"], [], loss);
        Close(result.Gradients["input"], [1, 2], -slope, slope);
        Assert.That(result.Gradients.Keys, Is.EqualTo(["input"]));
    }

    [Test]
    public void GeneralizedCrossEntropyIsFlatWhereTheTargetHasNoProbability()
    {
        var result = Evaluate(Gce(0.5, "mean", [1000, -1000], 1));

        Equal(result.Outputs["output"], [], 2);
        Equal(result.Gradients["input"], [1, 2], 0, 0);
    }

    [TestCase("mean", 0.625, 0.5)]
    [TestCase("sum", 1.25, 1)]
    public void GeneralizedCrossEntropyReduces(string reduction, double loss, double share)
    {
        var result = Evaluate(Make("generalized_cross_entropy", Attributes.FromPairs(("q", 1), ("reduction", reduction)), TwoImages()));

        Close(result.Outputs["output"], [], loss);
        Close(result.Gradients["input"], [2, 2], -3 * share / 16, 3 * share / 16, -share / 4, share / 4);
    }

    [Test]
    public void GeneralizedCrossEntropyOfEachImageTakesACotangent()
    {
        var result = Evaluate(Make("generalized_cross_entropy", Attributes.FromPairs(("q", 1), ("reduction", "none")), TwoImages(), T([2], 16, 4)));

        Close(result.Outputs["output"], [2], 0.75, 0.5);
        Close(result.Gradients["input"], [2, 2], -3, 3, -1, 1);
    }

    [TestCase(0)]
    [TestCase(1.5)]
    public void GeneralizedCrossEntropyRefusesAnotherQ(double q) => Assert.That(
        () => Evaluate(Gce(q, "mean", [0, 0], 0)),
        Throws.ArgumentException.With.Message.EqualTo($"attribute 'q': expected a number above 0 and up to 1, got {q}"));

    [Test]
    public void AnotherReductionIsRefused() => Assert.That(
        () => Evaluate(Mse(Attributes.FromPairs(("reduction", "median")))),
        Throws.ArgumentException.With.Message.EqualTo("attribute 'reduction': expected mean, sum or none, got median"));

    private static LayerCase Nll(double[] target, Attributes attributes, double[]? weight = null, Tensor64? cotangent = null)
    {
        var inputs = new Dictionary<string, Tensor64> { ["input"] = T([2, 3], -1, -2, -4, -7, -8, -16), ["target"] = T([2], target) };
        if (weight is not null)
            inputs["weight"] = T([3], weight);
        return Make("nll_loss", attributes, inputs, cotangent);
    }

    private static LayerCase Mse(Attributes attributes, Tensor64? cotangent = null) => Make(
        "mse_loss", attributes, new() { ["input"] = T([2, 2], 5, 3, 0, 4), ["target"] = T([2, 2], 4, 5, 3, 2) }, cotangent);

    private static LayerCase Gce(double q, string reduction, double[] logits, double target) => Make(
        "generalized_cross_entropy", Attributes.FromPairs(("q", q), ("reduction", reduction)),
        new() { ["input"] = T([1, 2], logits), ["target"] = T([1], target) });

    /// <summary>Targets of probability 1/4 and 1/2.</summary>
    private static Dictionary<string, Tensor64> TwoImages() => new()
    {
        ["input"] = T([2, 2], 0, Math.Log(3), 5, 5),
        ["target"] = T([2], 0, 0),
    };
}
