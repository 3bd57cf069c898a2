using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Schedules;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;
using Conformance.Tests.Engine.Optimizers;

namespace Conformance.Tests.Engine.Training;

/// <summary>No thread allocates anything in a step after the first. Nothing else may run, since the memory of the whole process is measured.</summary>
[NonParallelizable]
internal sealed class AllocationTests
{
    [Test]
    public void AnEpochAllocatesNothingAfterItsFirstStep([Values(1, 2)] int threads)
    {
        var data = Fill.Images(200);
        int[] few = new BatchOrder(1).Permutation(0, 200);
        int[] many = [.. Enumerable.Repeat(few, 10).SelectMany(order => order)];
        var net = LeNet.Create(1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.02f, 0.9f), threads);
        var images = Fill.Normals(1, 16, 1, 28, 28);
        int[] labels = Fill.Labels(1, 16);
        Allocated(few);
        Allocated(many);

        // What an epoch returns is an object; ten times as many steps allocate nothing more. The last batch is smaller than the others.
        // The runtime recompiles a running loop once, and allocates on this thread for that. So the least of a few tries is what the steps allocate.
        Assert.That(Enumerable.Range(0, 5).Min(_ => Math.Abs(Allocated(many) - Allocated(few))), Is.Zero, "on this thread");

        // The test host's own threads allocate now and then, but not during every one of these steps, which are short.
        long least = long.MaxValue;
        trainer.Step(images, labels);
        for (int i = 0; i < 200; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            trainer.Step(images, labels);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.That(least, Is.Zero, "on all threads");

        long Allocated(int[] order)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            trainer.TrainEpoch(data, order, 64);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [TestCaseSource(typeof(OptimizerTests), nameof(OptimizerTests.Optimizers))]
    public void AStepAllocatesNothingWithAnyOptimizer(Func<IReadOnlyList<Parameter>, KernelChoice?, Optimizer> create)
    {
        var net = LeNet.Create(1);
        var optimizer = create(net.Parameters, null);
        ClassificationLoss loss = optimizer is Adam
            ? new GeneralizedCrossEntropyLoss()
            : new CrossEntropyLoss(weight: [.. Enumerable.Repeat(2f, 10)], labelSmoothing: 0.1f);
        GradientClipping clipping = optimizer is Adam ? new GradientValueClipping(net.Parameters, 0.1) : new GradientNormClipping(net.Parameters, 1);
        var schedule = new LinearWarmup(5, new CosineSchedule(0.001, 100));
        using var trainer = new Trainer(net, optimizer, 2, loss: loss, clipping: clipping);
        var images = Fill.Normals(1, 33, 1, 28, 28);
        int[] labels = Fill.Labels(1, 33);
        long least = long.MaxValue;
        trainer.Step(images, labels);
        for (int i = 0; i < 20; i++) // the test host's own threads allocate now and then, but not during every one of these steps
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            schedule.Apply(optimizer, i);
            trainer.Step(images, labels);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.That(least, Is.Zero);
    }
}
