using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>The optimisers of the oracle on one weight, worked out by hand.</summary>
internal sealed class OptimizerTests
{
    /// <summary>g = 2 + ½·1; v = g; p = 1 − ½·2.5. Then g = 4 − ½·¼; v = ½·2.5 + ¾·g; p = −¼ − ¼·v.</summary>
    [Test]
    public void SgdDampensFromTheSecondStepOnAndDecaysThroughTheGradient()
    {
        var result = Sgd(momentum: 0.5, dampening: 0.25, decay: 0.5);
        Equal(result, "parameter", -0.25, -1.2890625);
        Equal(result, "momentum_buffer", 2.5, 4.15625);
    }

    /// <summary>v = 2, d = 2 + ½·2, p = 1 − ½·3. Then v = ½·2 + 4, d = 4 + ½·5, p = −½ − ¼·6.5.</summary>
    [Test]
    public void NesterovStepsAlongTheGradientAndTheNewBuffer()
    {
        var result = Sgd(momentum: 0.5, nesterov: true);
        Equal(result, "parameter", -0.5, -2.125);
        Equal(result, "momentum_buffer", 2, 5);
    }

    [Test]
    public void SgdWithoutMomentumHasNoBufferAndDampensNothing()
    {
        var result = Sgd(momentum: 0, dampening: 0.5);
        Equal(result, "parameter", 0, -1);
        Assert.That(result.Outputs.Keys, Is.EqualTo(new[] { "parameter" }));
    }

    /// <summary>
    /// In the first step m = 1 and v = 1, and ½ and ¼ correct them to 2 and 4: p = 1 − 3·2/(2 + 1). In the second m = 1.5 and v = 1.75, and ¾
    /// and 7/16 correct them to 2 and 4: p = −1 − 1.5·2/3.
    /// </summary>
    [TestCase("adam")]
    [TestCase("adamw")]
    public void AdamDividesTheCorrectedMomentByTheRootOfTheCorrectedSquare(string op)
    {
        var result = Adam(op, parameter: 1, gradient: 2, decay: 0);
        Equal(result, "parameter", -1, -2);
        Equal(result, "exp_avg", 1, 1.5);
        Equal(result, "exp_avg_sq", 1, 1.75);
    }

    /// <summary>adam: the gradient is 1 + ½·2, and then as above. adamw: the parameter is first multiplied by 1 − 3·½.</summary>
    [TestCase("adam", 1.0, 0.0)]
    [TestCase("adamw", 2.0, -3.0)]
    public void TheDecayGoesThroughTheGradientOrNot(string op, double gradient, double parameter)
    {
        var result = Adam(op, parameter: 2, gradient, decay: 0.5);
        Assert.That(result.Outputs["parameter"][0], Is.EqualTo(parameter).Within(1e-15));
        Assert.That(result.Outputs["exp_avg"][0], Is.EqualTo(1));
    }

    [TestCase("sgd/t6-e37", Tier.Exact)]
    [TestCase("sgd/t5-e17-plain", Tier.Exact)]
    [TestCase("sgd/t6-e11-d0.25", Tier.Exact)]
    [TestCase("sgd/t6-e37-w0.125", Tier.Bounded)]
    [TestCase("sgd/t6-e37-m0.9", Tier.Bounded)]
    [TestCase("sgd/t9-e5-r0.1", Tier.Bounded)]
    [TestCase("adam/t5-e7", Tier.Bounded)]
    public void ATierIsExactWhereEveryNumberIs(string id, Tier tier) => Assert.That(AllOperations.Draw(id).Tier, Is.EqualTo(tier));

    [TestCase("sgd/t3-e4-plain-nesterov", "nesterov with momentum 0 and dampening 0")]
    [TestCase("sgd/t3-e4-d0.25-nesterov", "nesterov with momentum 0.5 and dampening 0.25")]
    [TestCase("adam/t3-e4-b1", "a beta of 1 is not below 1")]
    [TestCase("adamw/t3-e4-c1.5", "a beta of 1.5 is not below 1")]
    public void WhatPyTorchRefusesIsRefused(string id, string reason) => Assert.That(AllOperations.Draw(id).Refused, Is.EqualTo(reason));

    [Test]
    public void GradientsCanBeSpelledAsASequence() => Assert.Multiple(() =>
    {
        Assert.That(Gradients("zeros"), Is.EqualTo(new[] { true, false, true, false }));
        Assert.That(Gradients("coast"), Is.EqualTo(new[] { true, false, false, false }));
        Assert.That(Gradients("still"), Is.EqualTo(new[] { false, false, false, false }));
        var turn = AllOperations.Draw("sgd/t4-e50-turn").Input("gradients").Data.ToArray();
        Assert.That(turn[..100].Min(), Is.Zero);
        Assert.That(turn[100..].Max(), Is.Zero);

        static bool[] Gradients(string word) =>
            [.. AllOperations.Draw($"sgd/t4-e50-{word}").Input("gradients").Data.ToArray().Chunk(50).Select(step => step.Any(g => g != 0))];
    });

    /// <summary>
    /// Each number of the running analysis, on errors that are known: 0.1 has one rounding, a sum of exact numbers one, a product of both three.
    /// </summary>
    [Test]
    public void ErrorsAreCarriedAlong() => Assert.Multiple(() =>
    {
        Rounded tenth = 0.1, two = 2, three = 3;
        Assert.That((tenth.Error, two.Error), Is.EqualTo((0.1, 0.0)));
        Assert.That((two + three).Error, Is.EqualTo(5));
        Assert.That(((two + three) * tenth).Error, Is.EqualTo(5 * 0.1 + 0.1 * 5 + 0.5));
        Assert.That((three / two).Error, Is.EqualTo(1.5));
        Assert.That(Rounded.Sqrt(0).Error, Is.Zero);
        Assert.That(Rounded.Sqrt(new(4, 8)).Error, Is.EqualTo(8 / 4.0 + 2));
        Assert.That(Rounded.Power(tenth, 0), Is.EqualTo((Rounded)1));
    });

    private static LayerResult Sgd(double momentum, double dampening = 0, double decay = 0, bool nesterov = false) => Evaluate(
        "sgd", 1, [2, 4],
        ("lr", new[] { 0.5, 0.25 }), ("momentum", momentum), ("dampening", dampening), ("weight_decay", decay), ("nesterov", nesterov));

    private static LayerResult Adam(string op, double parameter, double gradient, double decay) => Evaluate(
        op, parameter, [gradient, gradient],
        ("lr", new[] { 3, 1.5 }), ("betas", new[] { 0.5, 0.75 }), ("eps", 1.0), ("weight_decay", decay));

    private static LayerResult Evaluate(string op, double parameter, double[] gradients, params (string Name, object? Value)[] attributes) =>
        AllOperations.Named(op).Evaluate(new(
            op + "/test", op, Attributes.FromPairs(attributes), Tier.Bounded,
            new Dictionary<string, Tensor64> { ["parameter"] = new([1], [parameter]), ["gradients"] = new([gradients.Length, 1], gradients) },
            new Dictionary<string, Tensor64>(), []));

    private static void Equal(LayerResult result, string output, params double[] data) =>
        Assert.That(result.Outputs[output].Data.ToArray(), Is.EqualTo(data).Within(1e-15));
}
