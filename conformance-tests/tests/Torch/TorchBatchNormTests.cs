using Conformance.Oracle;
using Conformance.Torch;
using static Conformance.Tests.Torch.Cases;

namespace Conformance.Tests.Torch;

/// <summary>
/// Batch norm by hand: 1, 3, 5, 7 have mean 4, variance 5 (20/3 unbiased), and with eps 4 a deviation of 3, so that they become −1, −1/3, 1/3, 1.
/// </summary>
public sealed class TorchBatchNormTests
{
    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    private static readonly object[] Shapes =
    [
        new object[] { "batch_norm1d", new[] { 4, 1 } },
        new object[] { "batch_norm1d", new[] { 2, 1, 2 } },
        new object[] { "batch_norm2d", new[] { 1, 1, 2, 2 } },
    ];

    [TestCaseSource(nameof(Shapes))]
    public void InTrainingTheBatchNormsItself(string op, int[] shape)
    {
        var result = Evaluate(Norm(op, shape, Attributes.FromPairs(("training", true), ("momentum", 0.5), ("eps", 4))));

        using (Assert.EnterMultipleScope())
        {
            Close(result.Outputs["output"], shape, -5, -1, 3, 7);
            Close(result.Outputs["running_mean"], [1], (10 + 4) / 2.0);
            Close(result.Outputs["running_var"], [1], (12 + 20.0 / 3) / 2);
            Close(result.Gradients["input"], shape, 1, -2.0 / 3, -1.0 / 3, 0);
            Close(result.Gradients["weight"], [1], -1);
            Close(result.Gradients["bias"], [1], 1);
            Assert.That(result.Gradients, Has.Count.EqualTo(3));
        }
    }

    [TestCaseSource(nameof(Shapes))]
    public void InEvaluationTheRunningStatisticsDoAndStay(string op, int[] shape)
    {
        var result = Evaluate(Norm(op, shape, Attributes.FromPairs(("training", false), ("momentum", 0.5), ("eps", 4))));

        using (Assert.EnterMultipleScope())
        {
            // (x − 10)/√(12 + 4) · 6 + 1
            Close(result.Outputs["output"], shape, -12.5, -9.5, -6.5, -3.5);
            Equal(result.Outputs["running_mean"], [1], 10);
            Equal(result.Outputs["running_var"], [1], 12);
            Close(result.Gradients["input"], shape, 1.5, 0, 0, 0);
            Close(result.Gradients["weight"], [1], -9.0 / 4);
            Close(result.Gradients["bias"], [1], 1);
        }
    }

    [Test]
    public void WithoutMomentumTheRunningStatisticsAreTheMeanOverAllBatches()
    {
        var result = Evaluate(Norm("batch_norm1d", [4, 1], Attributes.FromPairs(("training", true), ("momentum", null), ("eps", 4)), batches: 3));

        Close(result.Outputs["running_mean"], [1], (3 * 10 + 4) / 4.0);
        Close(result.Outputs["running_var"], [1], (3 * 12 + 20.0 / 3) / 4);
    }

    [Test]
    public void WithoutWeightAndBiasThereIsTheGradientOfTheInputAlone()
    {
        var inputs = Norm("batch_norm1d", [4, 1], Attributes.None).Inputs.Where(input => input.Key is not ("weight" or "bias")).ToDictionary();
        var result = Evaluate(Make(
            "batch_norm1d", Attributes.FromPairs(("training", true), ("momentum", 0.5), ("eps", 4)), inputs, T([4, 1], 1, 0, 0, 0)));

        Close(result.Outputs["output"], [4, 1], -1, -1.0 / 3, 1.0 / 3, 1);
        Assert.That(result.Gradients.Keys, Is.EqualTo(["input"]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void TheRunningStatisticsOfTheCaseDoNotChange(bool float32)
    {
        var layerCase = Norm("batch_norm1d", [4, 1], Attributes.FromPairs(("training", true), ("momentum", 0.5), ("eps", 4)));
        new TorchOracle(float32).Evaluate(layerCase);

        Equal(layerCase.Inputs["running_mean"], [1], 10);
        Equal(layerCase.Inputs["running_var"], [1], 12);
    }

    [TestCase("batch_norm1d", 1, 3)]
    [TestCase("batch_norm1d", 1, 3, 1)]
    [TestCase("batch_norm2d", 1, 3, 1, 1)]
    public void OneValueAChannelIsRefusedInTrainingAlone(string op, params int[] shape)
    {
        LayerCase Case(bool training) => Make(op, Attributes.FromPairs(("training", training), ("momentum", 0.1), ("eps", 0)), new()
        {
            ["input"] = Tensor64.Zeros(shape),
            ["running_mean"] = T([3], 1, 2, 3),
            ["running_var"] = T([3], 1, 1, 1),
        }, Tensor64.Zeros(shape));

        Assert.That(() => Evaluate(Case(training: true)), Throws.ArgumentException
            .With.Message.EqualTo($"Expected more than 1 value per channel when training, got input size [{string.Join(", ", shape)}]"));
        Equal(Evaluate(Case(training: false)).Outputs["output"], shape, -1, -2, -3);
    }

    [TestCase("batch_norm1d", "expected 2D or 3D input (got 4D input)", 1, 1, 2, 2)]
    [TestCase("batch_norm2d", "expected 4D input (got 3D input)", 2, 1, 2)]
    public void AnotherRankIsRefused(string op, string message, params int[] shape) => Assert.That(
        () => Evaluate(Norm(op, shape, Attributes.FromPairs(("training", true), ("momentum", 0.5), ("eps", 4)))),
        Throws.ArgumentException.With.Message.EqualTo(message));

    private static LayerCase Norm(string op, int[] shape, Attributes attributes, double? batches = null)
    {
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = T(shape, 1, 3, 5, 7),
            ["weight"] = T([1], 6),
            ["bias"] = T([1], 1),
            ["running_mean"] = T([1], 10),
            ["running_var"] = T([1], 12),
        };
        if (batches is { } count)
            inputs["num_batches_tracked"] = Tensor64.Scalar(count);
        return Make(op, attributes, inputs, T(shape, 1, 0, 0, 0));
    }
}
