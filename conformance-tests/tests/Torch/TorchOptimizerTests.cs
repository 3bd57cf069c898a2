using Conformance.Oracle;
using static Conformance.Tests.Torch.Cases;

namespace Conformance.Tests.Torch;

/// <summary>TorchSharp's optimisers, two steps of each with numbers that stay short.</summary>
public sealed class TorchOptimizerTests
{
    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [Test]
    public void SgdDampensAllStepsButTheFirstAndDecaysInTheGradient()
    {
        // g = 1 + 8/4 = 3, the buffer is 3; then g = 2 + 6.5/4 = 3.625, the buffer 3/2 + 3.625/2.
        var result = Evaluate(Sgd(momentum: 0.5, dampening: 0.5, decay: 0.25));

        Equal(result.Outputs["parameter"], [2, 1], 8 - 0.5 * 3, 6.5 - 0.25 * 3.3125);
        Equal(result.Outputs["momentum_buffer"], [2, 1], 3, 3.3125);
        Assert.That(result.Gradients, Is.Empty);
    }

    [Test]
    public void SgdWithNesterovLooksAhead()
    {
        // The buffer is 1, then 1/2 + 2; the direction g + buffer/2.
        var result = Evaluate(Sgd(momentum: 0.5, nesterov: true));

        Equal(result.Outputs["parameter"], [2, 1], 8 - 0.5 * 1.5, 7.25 - 0.25 * 3.25);
        Equal(result.Outputs["momentum_buffer"], [2, 1], 1, 2.5);
    }

    [Test]
    public void SgdWithoutMomentumKeepsNoBuffer()
    {
        var result = Evaluate(Sgd(decay: 0.25));

        Equal(result.Outputs["parameter"], [2, 1], 8 - 0.5 * 3, 6.5 - 0.25 * 3.625);
        Assert.That(result.Outputs.Keys, Is.EqualTo(["parameter"]));
    }

    [Test]
    public void AdamCorrectsItsMeansForTheirStartAndAddsEpsAfterTheRoot()
    {
        // Means 1 and 1, corrected 1/0.5 and 1/0.25: 2/(√4 + 2). Then −3/2 and 3/4 + 16/4.
        var result = Evaluate(Adam("adam", decay: 0));

        Equal(result.Outputs["exp_avg"], [2, 1], 1, -1.5);
        Equal(result.Outputs["exp_avg_sq"], [2, 1], 1, 4.75);
        Close(result.Outputs["parameter"], [2, 1], 4.75, 4.75 + 0.25 * 2 / (Math.Sqrt(4.75 / 0.4375) + 2));
    }

    [Test]
    public void AdamDecaysInTheGradient()
    {
        // g = 2 + 5·0.4 = 4.
        var result = Evaluate(Adam("adam", decay: 0.4));

        Close(new([2], result.Outputs["exp_avg"].Data.ToArray()), [2], 2, 1 + (-4 + 0.4 * result.Outputs["parameter"][0]) / 2);
        Equal(new([1], [result.Outputs["exp_avg_sq"][0]]), [1], 4);
        Close(new([1], [result.Outputs["parameter"][0]]), [1], 5 - 0.5 * 4 / (4 + 2));
    }

    [Test]
    public void AdamwDecaysTheParameterFirstAndLeavesTheGradientAlone()
    {
        var result = Evaluate(Adam("adamw", decay: 0.4));
        var second = (5 * 0.8 - 0.25) * 0.9;

        Equal(result.Outputs["exp_avg"], [2, 1], 1, -1.5);
        Equal(result.Outputs["exp_avg_sq"], [2, 1], 1, 4.75);
        Close(result.Outputs["parameter"], [2, 1], 5 * 0.8 - 0.25, second + 0.25 * 2 / (Math.Sqrt(4.75 / 0.4375) + 2));
        Assert.That(result.Outputs.Keys, Is.EquivalentTo(["parameter", "exp_avg", "exp_avg_sq"]));
    }

    [Test]
    public void OptionsThatMakeNoSenseAreRefused() => Assert.Multiple(() =>
    {
        Assert.That(() => Evaluate(Sgd(nesterov: true)), Throws.ArgumentException.With.Message.StartsWith("Nesterov momentum requires a momentum"));
        Assert.That(
            () => Evaluate(Sgd(momentum: 0.5, dampening: 0.5, nesterov: true)),
            Throws.ArgumentException.With.Message.Contains("zero dampening"));
        Assert.That(() => Evaluate(Sgd(momentum: -0.5)), Throws.ArgumentException.With.Message.EqualTo("Invalid momentum value: -0.5"));
        Assert.That(() => Evaluate(Sgd(decay: -0.5)), Throws.ArgumentException.With.Message.EqualTo("Invalid weight_decay value: -0.5"));
        Assert.That(() => Evaluate(Adam("adam", decay: -0.5)), Throws.ArgumentException.With.Message.StartsWith("Invalid "));
        Assert.That(() => Evaluate(Adam("adamw", decay: 0, beta: 1)), Throws.ArgumentException.With.Message.StartsWith("Invalid "));
    });

    /// <summary>The case's arrays are the engine's too.</summary>
    [Test]
    public void TheParameterOfTheCaseDoesNotChange()
    {
        var layerCase = Sgd();
        Evaluate(layerCase);

        Equal(layerCase.Inputs["parameter"], [1], 8);
    }

    private static LayerCase Sgd(double momentum = 0, double dampening = 0, double decay = 0, bool nesterov = false) => Make(
        "sgd",
        Attributes.FromPairs(
            ("lr", new[] { 0.5, 0.25 }), ("momentum", momentum), ("dampening", dampening), ("weight_decay", decay), ("nesterov", nesterov)),
        new() { ["parameter"] = T([1], 8), ["gradients"] = T([2, 1], 1, 2) });

    private static LayerCase Adam(string op, double decay, double beta = 0.5) => Make(
        op,
        Attributes.FromPairs(("lr", new[] { 0.5, 0.25 }), ("betas", new[] { beta, 0.75 }), ("eps", 2), ("weight_decay", decay)),
        new() { ["parameter"] = T([1], 5), ["gradients"] = T([2, 1], 2, -4) });
}
