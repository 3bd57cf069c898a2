using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Layers;

/// <summary>A network in which every layer without parameters stands once: what must hold for all of them.</summary>
internal sealed class EveryLayerTests
{
    private static Sequential Net(KernelChoice kernels)
    {
        var net = new Sequential(
            ("conv1", new Conv2d(1, 4, 5, 2, kernels: kernels)), ("leaky", new LeakyReLU(0.1, kernels)),
            ("average", new AvgPool2d(3, 2, 1, kernels: kernels)), ("tanh", new Tanh(kernels)), ("pixels", new Softmax(-1, kernels)),
            ("adaptive", new AdaptiveAvgPool2d((4, 5), kernels)), ("dropout", new Dropout(0.3, 7, kernels)),
            ("rows", new Flatten(2)), ("sigmoid", new Sigmoid(kernels)), ("flatten", new Flatten()), ("images", new LogSoftmax(0, kernels)),
            ("fc", new Linear(80, 10, kernels: kernels)), ("log", new LogSoftmax(1, kernels)), ("again", new Softmax(0, kernels)));
        Initialization.HeNormal().Fill(net.Parameters, 1);
        return net;
    }

    [Test]
    public void AnyNumberOfThreadsGivesTheSameBits([Values("clear", "fast")] string kernel)
    {
        var data = Fill.Images(100);
        float[] Train(int threads)
        {
            var net = Net(KernelChoice.Named(kernel));
            using var trainer = new Trainer(net, new Sgd(net.Parameters, 5f, 0.9f), threads);
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, data.Count), 41);
            trainer.Evaluate(data);
            return [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray())];
        }
        var alone = Train(1);
        var untrained = Net(KernelChoice.Fast).Parameters.SelectMany(parameter => parameter.Value.ToArray());
        Assert.That(alone, Has.None.NaN.And.Not.EqualTo(untrained));
        foreach (var threads in new[] { 2, 3, 8 })
            Assert.That(Train(threads), Is.EqualTo(alone), $"{threads} threads");
    }

    [Test]
    public void ClearAndFastGoTheSameWay()
    {
        var (images, cotangent) = (Fill.Normals(1, 37, 1, 28, 28), Fill.Normals(2, 37, 10));
        Sequential clear = Net(KernelChoice.Clear), fast = Net(KernelChoice.Fast);
        Assert.That(fast.Forward(images).ToArray(), Is.EqualTo(clear.Forward(images).ToArray()).Within(1e-6f));
        float[] expected = clear.Backward(cotangent).ToArray();
        var scale = expected.Max(MathF.Abs);
        Assert.That(scale, Is.GreaterThan(0));
        Assert.That(fast.Backward(cotangent).ToArray(), Is.EqualTo(expected).Within(1e-4f * scale));
    }

    [Test]
    public void NothingIsAllocatedAfterTheFirstPass([Values("clear", "fast")] string kernel)
    {
        var (images, cotangent) = (Fill.Normals(1, 37, 1, 28, 28), Fill.Normals(2, 37, 10));
        var net = Net(KernelChoice.Named(kernel));
        ((Dropout)net.Children.Single(child => child.Name == "dropout").Module).Mask = Fill.Coins(3, 37, 4, 4, 5);
        float[] output = new float[370], gradient = new float[37 * 784];
        void Pass()
        {
            net.Forward(images.Span, images.Shape, output);
            net.Backward(cotangent.Span, gradient);
        }
        Pass();
        Pass();
        Assert.That(Allocation.Least(Pass), Is.Zero);
    }

    [TestCaseSource(nameof(Layers))]
    public void BackwardNeedsAForwardBeforeIt(Module layer) =>
        Assert.That(
            () => layer.Backward(Tensor.Zeros(1, 2)),
            Throws.InvalidOperationException.With.Message.Contains($"{layer.Operation}: Backward needs a Forward"));

    [TestCaseSource(nameof(Layers))]
    public void ABatchOfNoImagesGoesThroughAndBack(Module layer)
    {
        var output = layer.Forward(Tensor.Zeros(0, 2, 3, 3));
        Assert.That(output.Shape[0], Is.Zero);
        Assert.That(layer.Backward(output).Shape.ToArray(), Is.EqualTo(new[] { 0, 2, 3, 3 }));
    }

    private static IEnumerable<TestCaseData> Layers() =>
        from kernels in new[] { KernelChoice.Clear, KernelChoice.Fast }
        from layer in new (string Name, Module Module)[]
        {
            ("avg_pool2d", new AvgPool2d(2, kernels: kernels)), ("adaptive_avg_pool2d", new AdaptiveAvgPool2d(2, kernels)),
            ("leaky_relu", new LeakyReLU(kernels: kernels)), ("tanh", new Tanh(kernels)), ("sigmoid", new Sigmoid(kernels)),
            ("softmax over images", new Softmax(0, kernels)), ("softmax", new Softmax(1, kernels)),
            ("log_softmax over images", new LogSoftmax(0, kernels)), ("log_softmax", new LogSoftmax(-1, kernels)),
            ("dropout", new Dropout(kernels: kernels)),
            ("flatten", new Flatten()), ("flatten with the images", new Flatten(0)),
        }
        select new TestCaseData(layer.Module).SetArgDisplayNames($"{layer.Name}, {kernels}");
}
