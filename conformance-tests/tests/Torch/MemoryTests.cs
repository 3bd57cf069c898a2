using Conformance.Torch;

namespace Conformance.Tests.Torch;

/// <summary>Tensors are freed with their scopes, without waiting for the garbage collector.</summary>
[NonParallelizable]
public sealed class MemoryTests
{
    // Measured: 5 to 18 MB, the managed heap's; 95 MB after a thousand steps without their scope, though the collector finalised most tensors.
    private const int Limit = 64 << 20;

    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [TestCase(1_000)]
    [TestCase(10_000, Category = "Long")]
    public void TrainingStepsKeepMemoryFlat(int steps)
    {
        using var baseline = new LeNetBaseline(LeNetCase.Weights(), LeNetCase.LearningRate, LeNetCase.Momentum, 1);
        Train(baseline, 200);
        var before = Environment.WorkingSet;

        Train(baseline, steps);

        var growth = Environment.WorkingSet - before;
        TestContext.Out.WriteLine($"memory grew by {growth / 1024.0 / 1024.0:f1} MB in {steps} steps");
        Assert.That(growth, Is.LessThan(Limit));
    }

    private static void Train(LeNetBaseline baseline, int steps) =>
        baseline.TrainEpoch(LeNetCase.Pixels, LeNetCase.Labels, [.. Enumerable.Range(0, steps).Select(i => i % 4)], 1);
}
