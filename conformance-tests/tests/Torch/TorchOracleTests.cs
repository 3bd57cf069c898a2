using Conformance.Oracle;
using Conformance.Torch;
using static Conformance.Tests.Torch.Cases;

namespace Conformance.Tests.Torch;

/// <summary>The oracle on cases small enough to work out by hand.</summary>
public sealed class TorchOracleTests
{
    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [Test]
    public void Conv2dCorrelatesWithoutTurningTheKernel()
    {
        var result = Evaluate(Make("conv2d", Conv2d(), new()
        {
            ["input"] = T([1, 1, 2, 3], 1, 2, 3, 4, 5, 6),
            ["weight"] = T([1, 1, 2, 2], 1, 10, 100, 1000),
            ["bias"] = T([1], 7),
        }, T([1, 1, 1, 2], 1, 2)));

        using (Assert.EnterMultipleScope())
        {
            Equal(result.Outputs["output"], [1, 1, 1, 2], 1 + 20 + 400 + 5000 + 7, 2 + 30 + 500 + 6000 + 7);
            Equal(result.Gradients["input"], [1, 1, 2, 3], 1, 12, 20, 100, 1200, 2000);
            Equal(result.Gradients["weight"], [1, 1, 2, 2], 1 + 4, 2 + 6, 4 + 10, 5 + 12);
            Equal(result.Gradients["bias"], [1], 3);
        }
    }

    [Test]
    public void Conv2dPadsEachSideByItsOwnNumber()
    {
        // A kernel of one element copies the padded image: the place of the 1 shows which side got what.
        var result = Evaluate(Make("conv2d", Conv2d(padding: [1, 0, 2, 3]), new()
        {
            ["input"] = T([1, 1, 1, 1], 1),
            ["weight"] = T([1, 1, 1, 1], 5),
        }, T([1, 1, 2, 6], 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0)));

        using (Assert.EnterMultipleScope())
        {
            Equal(result.Outputs["output"], [1, 1, 2, 6], 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0);
            Equal(result.Gradients["input"], [1, 1, 1, 1], 45);
            Assert.That(result.Gradients.Keys, Is.EquivalentTo(["input", "weight"]));
        }
    }

    [Test]
    public void Conv2dTakesOneGroupOfChannelsPerGroupOfOutputs()
    {
        var result = Evaluate(Make("conv2d", Conv2d(groups: 2), new()
        {
            ["input"] = T([1, 2, 1, 1], 3, 5),
            ["weight"] = T([2, 1, 1, 1], 10, 100),
        }, T([1, 2, 1, 1], 1, 2)));

        Equal(result.Outputs["output"], [1, 2, 1, 1], 30, 500);
        Equal(result.Gradients["input"], [1, 2, 1, 1], 10, 200);
    }

    [Test]
    public void MaxPool2dGivesTheGradientToTheFirstOfATie()
    {
        var result = Evaluate(Make("max_pool2d", MaxPool2d(), new() { ["input"] = T([1, 1, 2, 4], 1, 7, 2, 2, 7, 0, 2, 2) }, T([1, 1, 1, 2], 3, 4)));

        Equal(result.Outputs["output"], [1, 1, 1, 2], 7, 2);
        Equal(result.Gradients["input"], [1, 1, 2, 4], 0, 3, 4, 0, 0, 0, 0, 0);
    }

    [Test]
    public void LinearMultipliesByTheTransposedWeight()
    {
        var result = Evaluate(Make("linear", Attributes.None, new()
        {
            ["input"] = T([1, 2], 3, 5),
            ["weight"] = T([3, 2], 1, 2, 3, 4, 5, 6),
            ["bias"] = T([3], 10, 20, 30),
        }, T([1, 3], 1, 10, 100)));

        Equal(result.Outputs["output"], [1, 3], 3 + 10 + 10, 9 + 20 + 20, 15 + 30 + 30);
        Equal(result.Gradients["input"], [1, 2], 1 + 30 + 500, 2 + 40 + 600);
        Equal(result.Gradients["weight"], [3, 2], 3, 5, 30, 50, 300, 500);
        Equal(result.Gradients["bias"], [3], 1, 10, 100);
    }

    [Test]
    public void ReluHasNoGradientAtZero()
    {
        var result = Evaluate(Make("relu", Attributes.None, new() { ["input"] = T([3], -1, 0, 2) }, T([3], 5, 6, 7)));

        Equal(result.Outputs["output"], [3], 0, 0, 2);
        Equal(result.Gradients["input"], [3], 0, 0, 7);
    }

    [TestCase("mean", 0.5, TestName = "Cross_entropy_divides_by_the_number_of_images")]
    [TestCase("sum", 1.0, TestName = "Cross_entropy_as_a_sum_divides_by_nothing")]
    public void CrossEntropy(string reduction, double share)
    {
        // Softmax of [0, ln 3] is [1/4, 3/4].
        var result = Evaluate(Make("cross_entropy", Attributes.FromPairs(("reduction", reduction)), new()
        {
            ["input"] = T([2, 2], 0, Math.Log(3), 0, Math.Log(3)),
            ["target"] = T([2], 1, 0),
        }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Outputs["output"].Rank, Is.Zero);
            Assert.That(result.Outputs["output"][0], Is.EqualTo(share * (Math.Log(4.0 / 3) + Math.Log(4))).Within(1e-15));
            Assert.That(result.Gradients.Keys, Is.EqualTo(["input"]));
            Assert.That(result.Gradients["input"].Data.ToArray(), Is.EqualTo([.25 * share, -.25 * share, -.75 * share, .75 * share]).Within(1e-15));
        }
    }

    [Test]
    public void CrossEntropyOfEachImageTakesACotangentAndIgnoresTheIgnored()
    {
        var result = Evaluate(Make("cross_entropy", Attributes.FromPairs(("reduction", "none"), ("ignore_index", 1)), new()
        {
            ["input"] = T([2, 2], 0, Math.Log(3), 0, Math.Log(3)),
            ["target"] = T([2], 1, 0),
        }, T([2], 10, 100)));

        Equal(result.Outputs["output"], [2], 0, Math.Log(4));
        Assert.That(result.Gradients["input"].Data.ToArray(), Is.EqualTo([0, 0, -75, 75]).Within(1e-12));
    }

    [Test]
    public void CrossEntropyWeighsClassesAndSmoothsLabels()
    {
        var result = Evaluate(Make("cross_entropy", Attributes.FromPairs(("reduction", "mean"), ("label_smoothing", 0.5)), new()
        {
            ["input"] = T([1, 2], 0, 0),
            ["target"] = T([1], 0),
            ["weight"] = T([2], 1, 3),
        }));

        // With equal logits every class costs ln 2. Half of it counts for the target, of weight 1, and a quarter for each class by its weight.
        // The sum is divided by the target's weight.
        Assert.That(result.Outputs["output"][0], Is.EqualTo(1.5 * Math.Log(2)).Within(1e-15));
    }

    [Test]
    public void Float32IsCloseToFloat64AndNotTheSame()
    {
        LiveTorch.RequireFloat32();
        var layerCase = Make("conv2d", Conv2d(stride: 2, padding: [1, 1, 2, 2]), new()
        {
            ["input"] = Noise(1, 2, 3, 7, 5),
            ["weight"] = Noise(2, 4, 3, 3, 2),
            ["bias"] = Noise(3, 4),
        }, Noise(4, 2, 4, 4, 4));

        var exact = new TorchOracle().Evaluate(layerCase).Tensors.ToDictionary();
        var rounded = new TorchOracle(float32: true).Evaluate(layerCase).Tensors.ToDictionary();

        Assert.That(rounded.Keys, Is.EquivalentTo(exact.Keys));
        foreach (var (name, tensor) in exact)
        {
            var error = tensor.Data.ToArray().Zip(rounded[name].Data.ToArray(), (e, a) => Math.Abs(e - a)).Max();
            Assert.That(error, Is.GreaterThan(0).And.LessThan(2e-5), name);
        }
    }

    [Test]
    public void TheSameCaseGivesTheSameBitsOnAnyThread()
    {
        var layerCase = LeNetCase.Create(steps: 2);
        var first = new TorchOracle().Evaluate(layerCase);
        var results = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(2).Select(_ => new TorchOracle().Evaluate(layerCase)).ToList();

        foreach (var (name, tensor) in first.Tensors)
            foreach (var again in results)
                Assert.That(again.Tensors.ToDictionary()[name].Data.SequenceEqual(tensor.Data), name);
    }

    [Test]
    public void AnUnknownOperationNamesTheKnown() =>
        Assert.That(() => Evaluate(Make("conv3d", Attributes.None, [])), Throws.ArgumentException
            .With.Message.EqualTo("conv3d/test: torch has no operation 'conv3d' here; it has "
                + "adam, adamw, adaptive_avg_pool2d, avg_pool2d, batch_norm1d, batch_norm2d, conv2d, cross_entropy, dropout, flatten, "
                + "generalized_cross_entropy, "
                + "leaky_relu, lenet, linear, log_softmax, max_pool2d, mse_loss, nll_loss, relu, sgd, sigmoid, softmax, tanh"));

    [Test]
    public void AMissingInputOrCotangentIsNamed() => Assert.Multiple(() =>
    {
        Assert.That(
            () => Evaluate(Make("linear", Attributes.None, new() { ["input"] = T([1, 1], 1) })),
            Throws.ArgumentException.With.Message.EqualTo("linear/test: input 'weight' is missing; there are input"));
        Assert.That(
            () => Evaluate(Make("relu", Attributes.None, new() { ["input"] = T([2], 1, 2) })),
            Throws.ArgumentException.With.Message.EqualTo("relu/test: the cotangent of 'output' is missing"));
    });
}
