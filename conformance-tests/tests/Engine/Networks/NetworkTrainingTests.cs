using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Networks;

/// <summary>What holds of a training step of every network that has a name, with both kernels.</summary>
internal sealed class NetworkTrainingTests
{
    private static IEnumerable<TestCaseData> Named() => NamedNetworks.Names.Select(name => LongOnes.Networks.AsTest(name));

    private static IEnumerable<TestCaseData> NamedAndKernel() =>
        from name in NamedNetworks.Names
        from kernel in new[] { "clear", "fast" }
        select LongOnes.Networks.AsTest(name, kernel);

    /// <summary>Three blocks of images (for the slow kernels two), the last not full, and then fewer.</summary>
    [TestCaseSource(nameof(NamedAndKernel))]
    public void AnyNumberOfThreadsGivesTheSameBits(string name, string kernel)
    {
        var kernels = KernelChoice.Named(kernel);
        float[] Train(int threads)
        {
            var net = NamedNetworks.Resolve(name).Build(seed: 3, kernels);
            var untrained = State(net);
            using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.05f, 0.9f, kernels: kernels), threads, kernels);
            foreach (var images in kernel == "clear" ? new[] { 17, 2 } : [37, 20])
                trainer.Step(Fill.Normals(1, images, 1, 28, 28), Fill.Labels(2, images));
            var trained = State(net);
            Assert.That(trained, Has.None.NaN);
            Assert.That(
                trained.Zip(untrained).Count(pair => pair.First != pair.Second),
                Is.GreaterThan(trained.Length / 2),
                "the steps change the weights");
            return trained;
        }

        var alone = Train(1);
        foreach (var threads in new[] { 2, 3, 8 })
            Assert.That(Train(threads).AsSpan().SequenceEqual(alone), $"{threads} threads");
    }

    [TestCaseSource(nameof(NamedAndKernel))]
    public void AStepAllocatesNothingAfterTheFirst(string name, string kernel)
    {
        var kernels = KernelChoice.Named(kernel);
        var count = kernel == "clear" ? 3 : 20;
        var (images, labels) = (Fill.Normals(1, count, 1, 28, 28), Fill.Labels(2, count));
        var net = NamedNetworks.Resolve(name).Build(seed: 3, kernels);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.05f, 0.9f, kernels: kernels), threads: 1, kernels);
        trainer.Step(images, labels);

        Assert.That(Allocation.Least(() => trainer.Step(images, labels)), Is.Zero);
    }

    [TestCaseSource(nameof(Named))]
    public void EveryNetworkLearns(string name)
    {
        var data = Fill.Images(400);
        var net = NamedNetworks.Resolve(name).Build(seed: 1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.01, 0.9), threads: 2);
        for (var epoch = 0; epoch < 6; epoch++)
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(epoch, data.Count), 20);
        Assert.That(trainer.Evaluate(data).Accuracy, Is.GreaterThan(0.95));
    }

    private static float[] State(Sequential net) =>
        [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray()), .. net.Buffers.SelectMany(buffer => buffer.Value.ToArray())];
}
