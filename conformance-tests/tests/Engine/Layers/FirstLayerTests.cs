using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Layers;

/// <summary>Each layer as the first of a network that is trained: the first that learns is asked for no gradient of its input.</summary>
internal sealed class FirstLayerTests
{
    [TestCaseSource(nameof(Layers))]
    public void AStepIsThatOfTheLayersOneByOne(Func<Module> first, int[] shape)
    {
        var (images, labels) = (Fill.Normals(1, shape), Fill.Labels(2, shape[0]));
        var features = first().Forward(images).Length / shape[0];
        Sequential Net()
        {
            var net = new Sequential(("first", first()), ("flatten", new Flatten()), ("fc", new Linear(features, 10)));
            Initialization.HeNormal().Fill(net.Parameters, 1);
            return net;
        }
        var stepped = Net();
        using var trainer = new Trainer(stepped, new Sgd(stepped.Parameters, 0.05f), 1);
        trainer.Step(images, labels);

        var net = Net();
        var x = images;
        foreach (var (_, layer) in net.Children)
            x = layer.Forward(x);
        var loss = new CrossEntropyLoss();
        loss.Forward(x, labels);
        var gradient = loss.Backward();
        foreach (var (_, layer) in net.Children.Reverse())
            gradient = layer.Backward(gradient);
        new Sgd(net.Parameters, 0.05f).Step();

        Assert.That(Values(stepped), Is.EqualTo(Values(net)));
        Assert.That(Values(stepped), Is.Not.EqualTo(Values(Net())));
    }

    private static float[] Values(Sequential net) => [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray())];

    private static IEnumerable<TestCaseData> Layers()
    {
        int[] image = [17, 4, 6, 5], vector = [17, 7];
        return
            from kernels in new[] { KernelChoice.Clear, KernelChoice.Fast }
            from layer in new (string Name, int[] Shape, Func<Module> First)[]
            {
                ("conv2d", image, () => new Conv2d(4, 6, 3, 2, 1, groups: 2, kernels: kernels)),
                ("linear", vector, () => new Linear(7, 5, kernels: kernels)),
                ("batch_norm1d", vector, () => new BatchNorm1d(7, kernels: kernels)),
                ("batch_norm2d", image, () => new BatchNorm2d(4, kernels: kernels)),
                ("max_pool2d", image, () => new MaxPool2d(2, kernels: kernels)), ("avg_pool2d", image, () => new AvgPool2d(2, kernels: kernels)),
                ("adaptive_avg_pool2d", image, () => new AdaptiveAvgPool2d(2, kernels)), ("relu", image, () => new ReLU(kernels)),
                ("leaky_relu", image, () => new LeakyReLU(kernels: kernels)),
                ("tanh", image, () => new Tanh(kernels)), ("sigmoid", image, () => new Sigmoid(kernels)),
                ("softmax", image, () => new Softmax(1, kernels)), ("log_softmax", image, () => new LogSoftmax(1, kernels)),
                ("dropout", image, () => new Dropout(0.5, 7, kernels) { Mask = Fill.Coins(3, image) }), ("flatten", image, () => new Flatten()),
            }
            select new TestCaseData(layer.First, layer.Shape).SetArgDisplayNames($"{layer.Name}, {kernels}");
    }
}
