using Conformance.Torch;
using NUnit.Framework;

namespace Conformance.Tests.Torch;

/// <summary>Tensors are freed with their scopes, without waiting for the garbage collector.</summary>
public sealed class MemoryTests
{
    // One batch of one image makes about 1 MB of tensors a step: a hundred steps that leaked would pass the limit.
    private const int Limit = 64 << 20;

    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [TestCase(1_000)]
    [TestCase(10_000, Category = "Long")]
    public void Training_steps_keep_memory_flat(int steps)
    {
        using var baseline = new LeNetBaseline(LeNetCase.Weights(), LeNetCase.LearningRate, LeNetCase.Momentum, 1);
        Train(baseline, 200);
        var before = Environment.WorkingSet;

        Train(baseline, steps);

        Assert.That(Environment.WorkingSet - before, Is.LessThan(Limit));
    }

    [Test]
    public void Oracle_cases_keep_memory_flat()
    {
        var oracle = new TorchOracle();
        var layerCase = LeNetCase.Of(steps: 2);
        Evaluate(20);
        var before = Environment.WorkingSet;

        Evaluate(150);

        Assert.That(Environment.WorkingSet - before, Is.LessThan(Limit));

        void Evaluate(int times)
        {
            for (var i = 0; i < times; i++)
                oracle.Evaluate(layerCase);
        }
    }

    private static void Train(LeNetBaseline baseline, int steps) =>
        baseline.TrainEpoch(LeNetCase.Pixels, LeNetCase.Labels, [.. Enumerable.Range(0, steps).Select(i => i % 4)], 1);
}
