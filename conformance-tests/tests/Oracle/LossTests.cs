using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>The losses of the oracle on cases worked out by hand.</summary>
internal sealed class LossTests
{
    private const int Ignored = -100;

    /// <summary>Softmax of [0, ln 3] is [¼, ¾].</summary>
    private static readonly double[] Quarters = [0, Math.Log(3)];

    [TestCase("mean", 0.5)]
    [TestCase("sum", 1.0)]
    public void CrossEntropyIsTheLogarithmOfTheSoftmax(string reduction, double share)
    {
        var result = CrossEntropy([.. Quarters, .. Quarters], [1, 0], reduction);
        Equal(result.Outputs["output"], [], share * (Math.Log(4.0 / 3) + Math.Log(4)));
        Equal(result.Gradients["input"], [2, 2], .25 * share, -.25 * share, -.75 * share, .75 * share);
    }

    /// <summary>
    /// Weights 1 and 3, ε = ½. Row 0 has q = [¼, 3·¾], row 1 has q = [¾, 3·¼], and row 2 is ignored. The mean divides by 3 + 1. The gradient
    /// is p·Σq − q, over 4: [⅜, −⅜] and [−⅜, ⅜].
    /// </summary>
    [Test]
    public void CrossEntropyWeighsAndSmoothsAndIgnores()
    {
        var result = CrossEntropy([.. Quarters, .. Quarters, .. Quarters], [1, 0, Ignored], "mean", weight: [1, 3], smoothing: 0.5);
        Equal(result.Outputs["output"], [], (Math.Log(4) + 3 * Math.Log(4.0 / 3)) / 4);
        Equal(result.Gradients["input"], [3, 2], .09375, -.09375, -.09375, .09375, 0, 0);
    }

    [Test]
    public void CrossEntropyOfEachRowIsZeroWhereItIsIgnored()
    {
        var result = CrossEntropy([.. Quarters, .. Quarters], [1, 0], "none", ignoreIndex: 1, cotangent: [10, 100]);
        Equal(result.Outputs["output"], [2], 0, Math.Log(4));
        Equal(result.Gradients["input"], [2, 2], 0, 0, -75, 75);
    }

    [TestCase("mean", double.NaN)]
    [TestCase("sum", 0)]
    public void ABatchThatIsIgnoredCostsNothingAndItsMeanIsNaN(string reduction, double loss)
    {
        var result = CrossEntropy([.. Quarters, .. Quarters], [Ignored, Ignored], reduction, smoothing: 0.1);
        Equal(result.Outputs["output"], [], loss);
        Equal(result.Gradients["input"], [2, 2], 0, 0, 0, 0);
    }

    [Test]
    public void AHopelessRowCostsItsGapAndASureOneNothing()
    {
        var result = CrossEntropy([1000, 0, 1000, 0], [1, 0], "none", cotangent: [1, 1]);
        Equal(result.Outputs["output"], [2], 1000, 0);
        Equal(result.Gradients["input"], [2, 2], 1, -1, 0, 0);
    }

    [Test]
    public void ANetworksCaseNeedsNoMoreThanAReduction()
    {
        var layerCase = Case("cross_entropy", Attributes.FromPairs(("reduction", "sum")), null, ("input", [1, 2], Quarters), ("target", [1], [1]));
        Equal(AllOperations.Named("cross_entropy").Evaluate(layerCase).Outputs["output"], [], Math.Log(4.0 / 3));
    }

    /// <summary>Weights 2 and 5: the rows cost 5·2, 2·3 and 5·6, and the mean divides by 5 + 2 + 5; with class 0 ignored by 5 + 5.</summary>
    [TestCase("sum", Ignored, 46.0, 1.0)]
    [TestCase("mean", Ignored, 46.0 / 12, 12.0)]
    [TestCase("mean", 0, 4.0, 10.0)]
    public void NllPicksTheTargetAndWeighsIt(string reduction, int ignoreIndex, double loss, double divisor)
    {
        var result = Nll(reduction, ignoreIndex);
        Equal(result.Outputs["output"], [], loss);
        Equal(result.Gradients["input"], [3, 2], 0, -5 / divisor, ignoreIndex == 0 ? 0 : -2 / divisor, 0, 0, -5 / divisor);
    }

    [Test]
    public void NllOfEachRowTakesACotangent()
    {
        var result = Nll("none", 0, [1, 10, 100]);
        Equal(result.Outputs["output"], [3], 10, 0, 30);
        Equal(result.Gradients["input"], [3, 2], 0, -5, 0, 0, 0, -500);
    }

    [TestCase("sum", 14.0, 1.0)]
    [TestCase("mean", 3.5, 4.0)]
    public void MseIsTheSquaredDifference(string reduction, double loss, double divisor)
    {
        var result = Mse(reduction);
        Equal(result.Outputs["output"], [], loss);
        Equal(result.Gradients["input"], [2, 2], 2 / divisor, 0, -4 / divisor, 6 / divisor);
    }

    [Test]
    public void MseOfEachElementTakesACotangent()
    {
        var result = Mse("none", [1, 1, 2, 10]);
        Equal(result.Outputs["output"], [2, 2], 1, 0, 4, 9);
        Equal(result.Gradients["input"], [2, 2], 2, 0, -8, 60);
    }

    /// <summary>At q = ½ the root of ¼ is ½: a loss of (1 − ½)/½; at q = 1 it is 1 − ¼. The gradient is p^q·(p − onehot).</summary>
    [TestCase(0.5, 1.0, -0.375)]
    [TestCase(1.0, 0.75, -0.1875)]
    public void GeneralizedCrossEntropyIsOneMinusAPower(double q, double loss, double gradient)
    {
        var result = Generalized(q, Quarters);
        Equal(result.Outputs["output"], [], loss);
        Equal(result.Gradients["input"], [1, 2], gradient, -gradient);
    }

    [Test]
    public void GeneralizedCrossEntropyOfAHopelessRowIsOneOverQAndLearnsNothing()
    {
        var result = Generalized(0.5, [0, 5000]);
        Equal(result.Outputs["output"], [], 2);
        Equal(result.Gradients["input"], [1, 2], 0, 0);
    }

    [TestCase("cross_entropy/n3c4-mean-outside", "target 4 is no class from 0 to 3")]
    [TestCase("cross_entropy/n3c4-mean-i2-below", "target -1 is no class from 0 to 3")]
    [TestCase("cross_entropy/n3c4-mean-fewer", "3 rows have 2 targets")]
    [TestCase("cross_entropy/n3c4-mean-l1.5", "label_smoothing 1.5 is not from 0 to 1")]
    [TestCase("nll_loss/n3c4-none-outside", "target 4 is no class from 0 to 3")]
    [TestCase("generalized_cross_entropy/n3c4-none-below", "target -1 is no class from 0 to 3")]
    public void WhatIsNoClassIsRefused(string id, string reason)
    {
        var drawn = AllOperations.Draw(id);
        Assert.That(drawn.Refused, Is.EqualTo(reason));
        Assert.That(() => AllOperations.Named(drawn.Op).Evaluate(drawn), Throws.InstanceOf<RefusedException>());
    }

    [TestCase("generalized_cross_entropy/n3c4-mean-q0", "q must be above 0 and at most 1")]
    [TestCase("generalized_cross_entropy/n3c4-mean-q1.5", "q must be above 0 and at most 1")]
    [TestCase("generalized_cross_entropy/n3c4-mean-ignored", "this loss ignores no class")]
    [TestCase("nll_loss/n3c0-mean", "c must be at least 1")]
    [TestCase("mse_loss/n3-mean", "expected a part like n2c3")]
    [TestCase("mse_loss/n16c16-sum-large", "a sum of 256 integer squares would not be exact in float32: add the word float")]
    public void WhatHasNoMeaningCannotBeSpelled(string id, string message) =>
        Assert.That(() => AllOperations.Draw(id), Throws.ArgumentException.With.Message.Contains(message));

    /// <summary>Integers are exact where no divisor rounds them.</summary>
    [TestCase("nll_loss/n5c3-sum-weighted", Tier.Exact)]
    [TestCase("nll_loss/n4c3-mean", Tier.Exact)]
    [TestCase("nll_loss/n5c3-mean", Tier.Bounded)]
    [TestCase("nll_loss/n5c3-sum-float", Tier.Bounded)]
    [TestCase("mse_loss/n5c3-none-large", Tier.Exact)]
    [TestCase("mse_loss/n4c4-mean", Tier.Exact)]
    [TestCase("mse_loss/n5c3-mean", Tier.Bounded)]
    [TestCase("mse_loss/n16c16-sum-large-float", Tier.Bounded)]
    public void ATierIsExactWhereNothingRounds(string id, Tier tier) => Assert.That(AllOperations.Draw(id).Tier, Is.EqualTo(tier));

    private static LayerResult CrossEntropy(
        double[] logits, double[] target, string reduction, double[]? weight = null,
        double smoothing = 0, int ignoreIndex = Ignored, double[]? cotangent = null)
    {
        var attributes = Attributes.FromPairs(("reduction", reduction), ("ignore_index", ignoreIndex), ("label_smoothing", smoothing));
        var layerCase = Case("cross_entropy", attributes, cotangent, ("input", [target.Length, 2], logits), ("target", [target.Length], target));
        if (weight is not null)
            layerCase = layerCase with { Inputs = new Dictionary<string, Tensor64>(layerCase.Inputs) { ["weight"] = new([2], weight) } };
        return AllOperations.Named("cross_entropy").Evaluate(layerCase);
    }

    private static LayerResult Nll(string reduction, int ignoreIndex, double[]? cotangent = null) => AllOperations.Named("nll_loss").Evaluate(Case(
        "nll_loss", Attributes.FromPairs(("reduction", reduction), ("ignore_index", ignoreIndex)), cotangent,
        ("input", [3, 2], [-1, -2, -3, -4, -5, -6]), ("target", [3], [1, 0, 1]), ("weight", [2], [2, 5])));

    private static LayerResult Mse(string reduction, double[]? cotangent = null)
    {
        var layerCase = Case("mse_loss", Attributes.FromPairs(("reduction", reduction)),
            null, ("input", [2, 2], [1, 2, 3, 4]), ("target", [2, 2], [0, 2, 5, 1]));
        return AllOperations.Named("mse_loss").Evaluate(cotangent is null ? layerCase
            : layerCase with { Cotangents = new Dictionary<string, Tensor64> { ["output"] = new([2, 2], cotangent) } });
    }

    private static LayerResult Generalized(double q, double[] logits) => AllOperations.Named("generalized_cross_entropy").Evaluate(Case(
        "generalized_cross_entropy", Attributes.FromPairs(("reduction", "mean"), ("q", q)), null, ("input", [1, 2], logits), ("target", [1], [0])));

    private static LayerCase Case(string op, Attributes attributes, double[]? cotangent, params (string Name, int[] Shape, double[] Data)[] inputs) =>
        new(
        op + "/test", op, attributes, Tier.Bounded, inputs.ToDictionary(input => input.Name, input => new Tensor64(input.Shape, input.Data)),
        cotangent is null ? new Dictionary<string, Tensor64>() : new Dictionary<string, Tensor64> { ["output"] = new([cotangent.Length], cotangent) },
        []);

    private static void Equal(Tensor64 actual, int[] shape, params double[] data)
    {
        Assert.That(actual.Shape.ToArray(), Is.EqualTo(shape));
        Assert.That(actual.Data.ToArray(), Is.EqualTo(data).Within(1e-13));
    }
}
