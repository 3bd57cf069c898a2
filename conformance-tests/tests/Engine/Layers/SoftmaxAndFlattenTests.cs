using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Layers;

/// <summary>Tests of layers with an axis: any axis, counted from either end, and a network whose layer has the axis of the images.</summary>
internal sealed class SoftmaxAndFlattenTests
{
    private static Module Layer(bool logarithm, int dim, string kernel) =>
        logarithm ? new LogSoftmax(dim, KernelChoice.Named(kernel)) : new Softmax(dim, KernelChoice.Named(kernel));

    [Test]
    public void ANegativeDimCountsFromTheLast([Values] bool logarithm, [Values("clear", "fast")] string kernel, [Values(0, 1, 2, 3)] int dim)
    {
        var (input, cotangent) = (Fill.Normals(1, 18, 3, 4, 5), Fill.Normals(2, 18, 3, 4, 5));
        float[][] Pass(Module layer) => [layer.Forward(input).ToArray(), layer.Backward(cotangent).ToArray()];

        Assert.That(Pass(Layer(logarithm, dim - 4, kernel)), Is.EqualTo(Pass(Layer(logarithm, dim, kernel))));
    }

    [Test]
    public void RowsSumToOne([Values("clear", "fast")] string kernel)
    {
        var input = Fill.Normals(1, 35, 7);
        float[] acrossFeatures = new Softmax(-1, KernelChoice.Named(kernel)).Forward(input).ToArray(),
            acrossImages = new Softmax(0, KernelChoice.Named(kernel)).Forward(input).ToArray();
        for (var row = 0; row < 35; row++)
            Assert.That(acrossFeatures.Skip(row * 7).Take(7).Sum(p => (double)p), Is.EqualTo(1).Within(1e-6));
        for (var feature = 0; feature < 7; feature++)
            Assert.That(acrossImages.Where((_, i) => i % 7 == feature).Sum(p => (double)p), Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void WhatIsNotFiniteSpoilsItsRowAlone([Values] bool logarithm, [Values("clear", "fast")] string kernel, [Values(0, 1)] int dim)
    {
        foreach (var value in new[] { float.NaN, float.PositiveInfinity })
        {
            var input = Fill.Normals(1, 18, 3);
            input.Span[17 * 3 + 1] = value;
            var output = Layer(logarithm, dim, kernel).Forward(input).ToArray();
            for (var i = 0; i < output.Length; i++)
                Assert.That(float.IsNaN(output[i]), Is.EqualTo(dim == 0 ? i % 3 == 1 : i / 3 == 17), $"{value} at element {i}");
        }
        Assert.That(Layer(logarithm, 1, kernel).Forward(Tensor.From([float.NegativeInfinity, float.NegativeInfinity], 1, 2)).ToArray(), Is.All.NaN);
    }

    [Test]
    public void ALogarithmStaysExactFarBelowTheMaximum([Values("clear", "fast")] string kernel)
    {
        var layer = new LogSoftmax(1, KernelChoice.Named(kernel));
        Assert.That(
            layer.Forward(Tensor.From([1000, 0, -1000, float.NegativeInfinity], 1, 4)).ToArray(),
            Is.EqualTo(new[] { 0, -1000, -2000, float.NegativeInfinity }));
        Assert.That(layer.Backward(Tensor.From([1, 2, 3, 4], 1, 4)).ToArray(), Is.EqualTo(new float[] { -9, 2, 3, 4 }));
        Assert.That(
            new LogSoftmax(1, KernelChoice.Named(kernel)).Forward(Tensor.From([7], 1, 1)).ToArray(),
            Is.EqualTo(new float[] { 0 }),
            "one class is certain");
    }

    [Test]
    public void FewerImagesAfterMoreLeaveNoTrace([Values] bool logarithm, [Values("clear", "fast")] string kernel)
    {
        var used = Layer(logarithm, 0, kernel);
        used.Forward(Fill.Normals(3, 40, 3));
        used.Backward(Fill.Normals(4, 40, 3));
        var fresh = Layer(logarithm, 0, kernel);
        Assert.That(used.Forward(Fill.Normals(1, 18, 3)).ToArray(), Is.EqualTo(fresh.Forward(Fill.Normals(1, 18, 3)).ToArray()));
        Assert.That(used.Backward(Fill.Normals(2, 18, 3)).ToArray(), Is.EqualTo(fresh.Backward(Fill.Normals(2, 18, 3)).ToArray()));
    }

    /// <summary>Every cut that PyTorch allows, by its shape; the elements keep their row-major order.</summary>
    [TestCase(1, -1, new[] { 18, 60 })]
    [TestCase(0, -1, new[] { 1080 })]
    [TestCase(-4, -2, new[] { 216, 5 })]
    [TestCase(0, 0, new[] { 18, 3, 4, 5 })]
    [TestCase(2, 3, new[] { 18, 3, 20 })]
    [TestCase(-3, -2, new[] { 18, 12, 5 })]
    public void FlattenMergesTheAxesFromStartToEnd(int start, int end, int[] shape)
    {
        var input = Fill.Normals(1, 18, 3, 4, 5);
        var layer = new Flatten(start, end);
        for (var repeat = 0; repeat < 2; repeat++)
        {
            var output = layer.Forward(input);
            Assert.That(output.Shape.ToArray(), Is.EqualTo(shape));
            Assert.That(output.ToArray(), Is.EqualTo(input.ToArray()));
            var gradient = layer.Backward(Fill.Normals(2, shape));
            Assert.That(gradient.Shape.ToArray(), Is.EqualTo(new[] { 18, 3, 4, 5 }));
            Assert.That(gradient.ToArray(), Is.EqualTo(Fill.Normals(2, shape).ToArray()));
        }
        Assert.That(layer.Forward(Fill.Normals(1, 7, 3, 4, 5)).ToArray(), Is.EqualTo(Fill.Normals(1, 7, 3, 4, 5).ToArray()), "fewer images");
    }

    [Test]
    public void FlattenCopiesNothingWhereTheImagesStayTheirOwnAxis()
    {
        Assert.That(new Flatten().Computation.InputLayout, Is.Null, "any layout does");
        Assert.That(new Flatten(2, 3).Computation.InputLayout, Is.Null);
        Assert.That(new Flatten(0).Computation.InputLayout, Is.EqualTo(Layout.Nchw));
        var layer = new Flatten(-3);
        ((IPassStep)layer).Connect(Tensor.Zeros(18, 3, 4, 5));
        Assert.That(layer.Computation.NeedsWholeBatch, Is.False);
    }

    /// <summary>Positions of images become images, go through layers of their own, and come back; a softmax over them needs all.</summary>
    [Test]
    public void ANetworkGoesOnBehindLayersThatMixImages([Values("clear", "fast")] string kernel)
    {
        var kernels = KernelChoice.Named(kernel);
        Sequential Net() => new(
            ("tanh", new Tanh(kernels)), ("merge", new Flatten(0, 2)), ("fc", new Linear(5, 3, kernels: kernels)), ("over", new Softmax(0, kernels)),
            ("sigmoid", new Sigmoid(kernels)), ("log", new LogSoftmax(-2, kernels)));
        var (input, cotangent) = (Fill.Normals(1, 18, 3, 4, 5), Fill.Normals(2, 216, 3));
        var net = Net();
        Fill.Integers(3, net.Parameters);
        float[] output = net.Forward(input).ToArray(), gradient = net.Backward(cotangent).ToArray();

        var alone = Net();
        Fill.Integers(3, alone.Parameters);
        var (x, dy) = (input, cotangent);
        foreach (var (_, layer) in alone.Children)
            x = layer.Forward(x);
        foreach (var (_, layer) in alone.Children.Reverse())
            dy = layer.Backward(dy);
        Assert.That(output, Is.EqualTo(x.ToArray()).And.None.NaN);
        Assert.That(gradient, Is.EqualTo(dy.ToArray()).And.Some.Not.Zero);
        Assert.That(net.Parameters[0].Gradient.ToArray(), Is.EqualTo(alone.Parameters[0].Gradient.ToArray()));
    }
}
