using Conformance.Engine;

namespace Conformance.Tests.Models;

/// <summary>What must hold while any network trains.</summary>
internal sealed class TrainingTests
{
    private static string[] Models() => [.. Networks.Names, "c8pc8p"];

    [Test]
    public void AnyNumberOfThreadsGivesTheSameBits([ValueSource(nameof(Models))] string name, [Values("clear", "fast")] string kernel)
    {
        var count = kernel == "clear" ? 17 : 35; // two blocks or three, the last not full
        var (images, labels) = (Engine.Fill.Normals(1, count, 1, 28, 28), Engine.Fill.Labels(2, count));
        var alone = Train(1);
        Assert.That(alone, Has.None.NaN);
        foreach (var threads in new[] { 2, 3, 8 })
            Assert.That(Train(threads), Is.EqualTo(alone), $"{threads} threads");

        float[] Train(int threads)
        {
            var net = NetworkDefinition.Of(name).Build(1, Kernels.Named(kernel));
            using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.01, 0.9), threads, Kernels.Named(kernel));
            for (var step = 0; step < 2; step++)
                trainer.Step(images, labels);
            return [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray()), .. net.Buffers.SelectMany(buffer => buffer.Value.ToArray())];
        }
    }

    [Test, NonParallelizable]
    public void AStepAllocatesNothingAfterTheFirst([ValueSource(nameof(Models))] string name, [Values("clear", "fast")] string kernel)
    {
        var kernels = Kernels.Named(kernel);
        var count = kernel == "clear" ? 3 : 20;
        var (images, labels) = (Engine.Fill.Normals(1, count, 1, 28, 28), Engine.Fill.Labels(2, count));
        var net = NetworkDefinition.Of(name).Build(1, kernels);
        using var trainer = new Trainer(net, new Adam(net.Parameters, kernels: kernels), 1, kernels, clipping: new GradientNormClipping(net.Parameters, 1));
        trainer.Step(images, labels);
        trainer.Step(images, labels);

        var before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Step(images, labels);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void EveryNetworkLearns([ValueSource(nameof(Models))] string name)
    {
        var data = Engine.Fill.Images(400);
        var net = NetworkDefinition.Of(name).Build(1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.01, 0.9), 2);
        for (var epoch = 0; epoch < 6; epoch++)
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(epoch, data.Count), 20);
        Assert.That(trainer.Evaluate(data).Accuracy, Is.GreaterThan(0.95));
    }
}
