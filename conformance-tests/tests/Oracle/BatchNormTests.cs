using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Oracle;

/// <summary>Batch norm against numbers worked by hand, and its bound against float32 engines that are right.</summary>
internal sealed class BatchNormTests
{
    /// <summary>
    /// Two images, two channels, two positions. The first channel holds 1, 3, 5, 7: mean 4, variance 5, and with eps 4 a deviation of 3. The second
    /// channel is constant: variance 0, deviation 2.
    /// </summary>
    private static readonly LayerCase Training = new(
        "batch_norm1d/by-hand", "batch_norm1d", Attributes.FromPairs(("training", true), ("momentum", 0.25), ("eps", 4.0)), Tier.Bounded,
        new Dictionary<string, Tensor64>
        {
            ["input"] = new([2, 2, 2], [1, 3, 8, 8, 5, 7, 8, 8]),
            ["weight"] = new([2], [2, -3]),
            ["bias"] = new([2], [1, 5]),
            ["running_mean"] = new([2], [2, 0]),
            ["running_var"] = new([2], [1, 12]),
        },
        new Dictionary<string, Tensor64> { ["output"] = new([2, 2, 2], [1, 0, 2, 0, 0, 3, 0, 6]) }, []);

    [Test]
    public void TrainingNormalisesByChannel()
    {
        var result = Right(Training);
        Assert.Multiple(() =>
        {
            // x̂ = −1, −1/3, 1/3, 1 and 0
            Near(result.Outputs["output"], -1, 1 / 3.0, 5, 5, 5 / 3.0, 3, 5, 5);
            // mean(dy) = 1 and 2, mean(dy·x̂) = 1/2 and 0
            Near(result.Gradients["input"], 1 / 3.0, -5 / 9.0, 0, 3, -7 / 9.0, 1, 3, -6);
            Near(result.Gradients["weight"], 2, 0);
            Near(result.Gradients["bias"], 4, 8);
            // 3/4·2 + 1/4·4, and the unbiased variances 20/3 and 0
            Near(result.Outputs["running_mean"], 2.5, 2);
            Near(result.Outputs["running_var"], 0.75 + 5 / 3.0, 9);
        });
    }

    [Test]
    public void WithoutMomentumTheStatisticsAreAveragedOverTheBatches()
    {
        var result = Right(Training with
        {
            Attributes = Attributes.FromPairs(("training", true), ("momentum", null), ("eps", 4.0)),
            Inputs = new Dictionary<string, Tensor64>(Training.Inputs) { ["num_batches_tracked"] = Tensor64.Scalar(1) },
        });
        Near(result.Outputs["running_mean"], 3, 4);
        Near(result.Outputs["running_var"], 0.5 + 10 / 3.0, 6);
    }

    [Test]
    public void EvaluationUsesTheRunningStatisticsAsConstants()
    {
        var result = Right(Training with
        {
            Attributes = Attributes.FromPairs(("training", false), ("momentum", 0.25), ("eps", 4.0)),
            Inputs = new Dictionary<string, Tensor64>(Training.Inputs) { ["running_var"] = new([2], [5, 12]) },
        });
        Assert.Multiple(() =>
        {
            // x̂ = (x − 2)/3, and 8/4
            Near(result.Outputs["output"], 1 / 3.0, 5 / 3.0, -1, -1, 3, 13 / 3.0, -1, -1);
            Near(result.Gradients["input"], 2 / 3.0, 0, -1.5, 0, 0, 2, 0, -4.5);
            Near(result.Gradients["weight"], -1 / 3.0 + 5, 16);
            Near(result.Gradients["bias"], 4, 8);
            Near(result.Outputs["running_mean"], 2, 0);
            Near(result.Outputs["running_var"], 5, 12);
        });
    }

    [Test]
    public void NoImagesLeaveTheRunningStatisticsAsTheyAre()
    {
        var drawn = AllOperations.Draw("batch_norm2d/n0c3h4w5");
        var result = Right(drawn);
        Assert.Multiple(() =>
        {
            Assert.That(result.Outputs["output"].ToString(), Is.EqualTo("[0,3,4,5]"));
            Near(result.Outputs["running_mean"], drawn.Input("running_mean").Data.ToArray());
            Near(result.Outputs["running_var"], drawn.Input("running_var").Data.ToArray());
            Near(result.Gradients["weight"], 0, 0, 0);
        });
    }

    [TestCase("batch_norm1d/n5c4", "input [5,4]")]
    [TestCase("batch_norm1d/n5c4l6", "input [5,4,6]")]
    [TestCase("batch_norm2d/n5c4h3w2", "input [5,4,3,2]")]
    public void AnIdSpellsTheShape(string id, string shape) => Assert.That($"input {AllOperations.Draw(id).Input("input")}", Is.EqualTo(shape));

    [TestCase("batch_norm1d/n1c4")]
    [TestCase("batch_norm2d/n1c4h1w1")]
    public void OneValueInAChannelIsRefusedInTraining(string id)
    {
        Assert.That(AllOperations.Draw(id).Refused, Does.Contain("one value"));
        Assert.That(AllOperations.Draw(id + "-eval").Refused, Is.Null);
    }

    private static IEnumerable<string> Shapes() =>
    [
        "batch_norm1d/n2c3", "batch_norm1d/n4c3", "batch_norm1d/n33c5-gamma0", "batch_norm1d/n512c2",
        "batch_norm1d/n5c4l6-mnull", "batch_norm1d/n6c3-eval", "batch_norm1d/n1c3-eval",
        "batch_norm1d/n5c3-constant", "batch_norm1d/n65c3-shifted", "batch_norm1d/n5c3-shifted", "batch_norm1d/n9c3-m1-e0.1", "batch_norm1d/n9c3-m0",
        "batch_norm2d/n3c4h5w6", "batch_norm2d/n3c4h5w6-constant", "batch_norm2d/n3c4h5w6-shifted",
        "batch_norm2d/n3c4h5w6-eval", "batch_norm2d/n3c4h5w6-shifted-eval",
        "batch_norm2d/n2c3h1w2", "batch_norm1d/n999c2-constant", "batch_norm1d/n3c4-constant-shifted", "batch_norm2d/n3c1h28w28",
    ];

    /// <summary>
    /// Engines that are right, in float32 and as plain as can be, use a quarter of the tolerance at most. That it is not much less either is
    /// what makes it a tolerance: the largest share is pinned from both sides.
    /// </summary>
    [TestCase(false, TestName = "TwoPassesInFloat32StayWithinAQuarterOfTheBound")]
    [TestCase(true, TestName = "WelfordsPassInFloat32StaysWithinAQuarterOfTheBound")]
    public void ANaiveFloat32EngineStaysWithinAQuarterOfTheBound(bool welford)
    {
        var worst = new Dictionary<string, (double Share, string Id)>();
        foreach (var id in Shapes())
            for (var seed = 1ul; seed <= 8; seed++)
            {
                var question = Question.AnsweredByTheOracle(AllOperations.Draw(id, seed));
                foreach (var tensor in Comparison.Compare(
                    question.Expected, PlainBatchNorm.Run(question.Case, Summation.Sequential, welford), question.Bound))
                {
                    Assert.That(tensor.Passes, $"{id}, seed {seed}: {tensor}");
                    if (tensor.Worst > worst.GetValueOrDefault(tensor.Name).Share)
                        worst[tensor.Name] = (tensor.Worst, id);
                }
            }
        foreach (var (name, (share, id)) in worst)
            TestContext.Out.WriteLine($"{name}: {share:F3} of the tolerance, {id}");
        Assert.That(worst.Values.Max(tensor => tensor.Share), Is.InRange(0.15, 0.25));
    }

    /// <summary>Whatever the numbers, not the stored ones alone.</summary>
    [TestCase("batch_norm1d/n6c3-shifted")]
    [TestCase("batch_norm1d/n5c4l6-shifted")]
    [TestCase("batch_norm2d/n3c4h5w6-shifted")]
    public void AVarianceInOnePassFailsEveryShiftedCase(string id)
    {
        for (var seed = 1ul; seed <= 40; seed++)
        {
            var question = Question.AnsweredByTheOracle(AllOperations.Draw(id, seed));
            var defect = AllOperations.Named(question.Case.Op).Defects
                .Single(defect => defect.Id.EndsWith(".variance-in-one-pass", StringComparison.Ordinal));
            Assert.That(Separation.Measure(question, defect), Is.GreaterThanOrEqualTo(Separation.Least(Tier.Bounded)), $"seed {seed}");
        }
    }

    private static LayerResult Right(LayerCase layerCase) => AllOperations.Named(layerCase.Op).Evaluate(layerCase);

    private static void Near(Tensor64 tensor, params double[] expected) => Assert.That(tensor.Data.ToArray(), Is.EqualTo(expected).Within(1e-14));
}
