using Conformance.Torch;

namespace Conformance.Tests.Torch;

public sealed class LeNetBaselineTests
{
    private static readonly int[] All = [0, 1, 2, 3];

    [OneTimeSetUp]
    public void Torch() => LiveTorch.RequireFloat32();

    [Test]
    public void ItsStepsAreThoseOfTheFloat32Oracle()
    {
        const int steps = 5;
        var expected = new TorchOracle(float32: true).Evaluate(LeNetCase.Create(steps));
        using var baseline = Baseline();

        var results = Enumerable.Range(0, steps).Select(_ => baseline.Step(LeNetCase.Pixels, LeNetCase.Labels, All)).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Select(step => step.Loss), Is.EqualTo(expected.Outputs["losses"].Data.ToArray()), "losses");
            Assert.That(results[^1].Loss, Is.LessThan(results[0].Loss), "it learns");
            Assert.That(results[0].Gradients, Has.Count.EqualTo(10));
            foreach (var (name, gradient) in results[0].Gradients)
                Assert.That(gradient.Select(value => (double)value), Is.EqualTo(expected.Gradients[name].Data.ToArray()), name);
        }
    }

    [Test]
    public void ItsTraceInFloat64IsThatOfTheOracle()
    {
        const int steps = 3;
        var expected = new TorchOracle().Evaluate(LeNetCase.Create(steps));
        using var exact = LeNetBaseline.InFloat64(LeNetCase.Weights(), LeNetCase.LearningRate, LeNetCase.Momentum, 1);

        var trace = exact.Trace(LeNetCase.Pixels, LeNetCase.Labels, [All, All, All]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(trace.Losses, Is.EqualTo(expected.Outputs["losses"].Data.ToArray()).Within(1e-12));
            foreach (var (name, gradient) in trace.Gradients)
            {
                Assert.That(gradient, Is.EqualTo(expected.Gradients[name].Data.ToArray()).Within(1e-12), name);
                Assert.That(trace.Weights.SelectMany(step => step[name]), Is.EqualTo(expected.Outputs[name].Data.ToArray()).Within(1e-12), name);
            }
        }
    }

    [Test]
    public void ANudgeIsOfTheSizeOfARoundingAndReachesEveryTensor()
    {
        BaselineTrace Trace(ulong? nudge)
        {
            using var net = LeNetBaseline.InFloat64(LeNetCase.Weights(), LeNetCase.LearningRate, LeNetCase.Momentum, 1, nudge);
            return net.Trace(LeNetCase.Pixels, LeNetCase.Labels, [All]);
        }
        var (exact, nudged) = (Trace(null), Trace(1));
        foreach (var (name, gradient) in exact.Gradients)
        {
            var error = gradient.Zip(nudged.Gradients[name], (a, b) => Math.Abs(a - b)).Max() / gradient.Max(Math.Abs);
            Assert.That(error, Is.InRange(1e-10, 1e-5), name);
        }
        Assert.That(Trace(1).Gradients["conv1.weight"], Is.EqualTo(nudged.Gradients["conv1.weight"]), "the same seed, the same nudge");
    }

    [TestCase(5e-6f, 1e-5, 0)]
    [TestCase(-5e-6f, 1e-5, 0)]
    [TestCase(1f, 1e-9, 1)]
    public void ImagesNearAKinkAreLeftOutAndEmptyBatchesWithThem(float input, double clearance, int batches)
    {
        var weights = LeNetCase.Weights();
        Array.Clear(weights["fc2.weight"], 0, 120); // the first unit then sees its bias alone
        weights["fc2.bias"][0] = input;
        using var net = LeNetBaseline.InFloat64(weights, LeNetCase.LearningRate, LeNetCase.Momentum, 1);

        var trace = net.Trace(LeNetCase.Pixels, LeNetCase.Labels, [All], clearance);

        Assert.That((trace.Batches.Count, trace.Losses.Length, trace.Weights.Count), Is.EqualTo((batches, batches, batches)));
        Assert.That(trace.Batches.SelectMany(batch => batch), Is.EqualTo(batches == 0 ? [] : All));
    }

    [Test]
    public void AnEpochTakesTheSameStepsInTheOrderGivenAndUsesTheLastPartialBatch()
    {
        using var one = Baseline();
        using var other = Baseline();
        List<int> progress = [];

        var epoch = one.TrainEpoch(LeNetCase.Pixels, LeNetCase.Labels, [2, 0, 3], 2, progress.Add);
        var first = other.Step(LeNetCase.Pixels, LeNetCase.Labels, [2, 0]);
        var second = other.Step(LeNetCase.Pixels, LeNetCase.Labels, [3]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(progress, Is.EqualTo([2, 3]));
            Assert.That(epoch.Loss, Is.EqualTo(((2 * first.Loss) + second.Loss) / 3));
            foreach (var (name, values) in one.Weights)
                Assert.That(values, Is.EqualTo(other.Weights[name]), name);
        }
    }

    [Test]
    public void ItsEvaluationAgreesWithTheOracleAndChangesNothing()
    {
        var expected = new TorchOracle(float32: true).Evaluate(LeNetCase.Create(steps: 1));
        var logits = expected.Outputs["logits"].Data.ToArray().Chunk(10);
        using var baseline = Baseline();

        var evaluation = baseline.Evaluate(LeNetCase.Pixels, LeNetCase.Labels);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(evaluation.Loss, Is.EqualTo(expected.Outputs["loss"][0]));
            Assert.That(evaluation.Correct, Is.EqualTo(logits.Zip(LeNetCase.Labels, (row, label) => Array.IndexOf(row, row.Max()) == label)));
            Assert.That(evaluation.Accuracy, Is.EqualTo(evaluation.Correct.Count(hit => hit) / 4.0));
            Assert.That(baseline.Weights, Is.EqualTo(LeNetCase.Weights()));
        }
    }

    [Test]
    public void TakingGradientsTakesNoStep()
    {
        using var baseline = Baseline();
        var first = baseline.Gradients(LeNetCase.Pixels, LeNetCase.Labels, All);
        var second = baseline.Gradients(LeNetCase.Pixels, LeNetCase.Labels, All);

        Assert.That(second.Loss, Is.EqualTo(first.Loss));
        Assert.That(second.Gradients, Is.EqualTo(first.Gradients));
        Assert.That(baseline.Weights, Is.EqualTo(LeNetCase.Weights()));
    }

    [Test]
    public void ItStopsBetweenTwoBatchesWhenAsked()
    {
        using var baseline = Baseline();
        using var source = new CancellationTokenSource();

        Assert.That(
            () => baseline.TrainEpoch(LeNetCase.Pixels, LeNetCase.Labels, All, 1, _ => source.Cancel(), source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void WrongWeightsAreNamed()
    {
        var missing = LeNetCase.Weights();
        missing.Remove("fc2.bias");
        var unknown = LeNetCase.Weights();
        unknown["fc4.bias"] = [1];
        var wrong = LeNetCase.Weights();
        wrong["conv2.bias"] = [1, 2];

        Assert.Multiple(() =>
        {
            Assert.That(() => new LeNetBaseline(missing, 0.1, 0, 1), Throws.ArgumentException.With.Message.StartsWith("the weights lack 'fc2.bias'"));
            Assert.That(
                () => new LeNetBaseline(unknown, 0.1, 0, 1),
                Throws.ArgumentException.With.Message.StartsWith("LeNet has no parameter 'fc4.bias'"));
            Assert.That(
                () => new LeNetBaseline(wrong, 0.1, 0, 1),
                Throws.ArgumentException.With.Message.EqualTo("'conv2.bias': expected [16], 16 numbers, got 2"));
        });
    }

    private static LeNetBaseline Baseline() => new(LeNetCase.Weights(), LeNetCase.LearningRate, LeNetCase.Momentum, 1);
}
