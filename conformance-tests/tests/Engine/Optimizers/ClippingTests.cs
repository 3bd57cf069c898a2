using Conformance.Engine.Data;
using Conformance.Engine.Losses;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;
using Conformance.Torch;
using LeNet = Conformance.Engine.Networks.LeNet;

namespace Conformance.Tests.Engine.Optimizers;

/// <summary>Gradient clipping against torch's own, and on any number of threads.</summary>
public sealed class ClippingTests
{
    private static readonly int[] Lengths = [1, 4097, 300];

    [Test]
    public void TheNormAndTheGradientsAreThoseOfTorch([Values(0, 0.5, 3, 60, 70, 1e6)] double maxNorm)
    {
        LiveTorch.Require();
        var parameters = Parameters(); // a norm of about √4398 = 66
        var (norm, expected) = TorchClipping.ByNorm(Gradients(parameters), maxNorm);
        var clipping = new GradientNormClipping(parameters, maxNorm);
        clipping.Clip();

        Assert.That(norm, Is.InRange(61, 69));
        Assert.That(clipping.Norm, Is.EqualTo(norm).Within(1e-4).Percent);
        foreach (var (mine, torch) in Gradients(parameters).Zip(expected))
            Assert.That(mine, Is.EqualTo(torch).Within(2e-4).Percent);
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(0)]
    public void WhatIsNotFiniteAndZerosPassAsInTorch(float value)
    {
        LiveTorch.Require();
        Parameter[] Odd() => [WithGradient(1, -2), WithGradient(value), WithGradient(value == 0 ? 0 : 5)];
        foreach (var (mine, torch) in new[]
        {
            (Clipped(Odd(), parameters => new GradientNormClipping(parameters, 0.5)), TorchClipping.ByNorm(Gradients(Odd()), 0.5).Gradients),
            (Clipped(Odd(), parameters => new GradientValueClipping(parameters, 1.5)), TorchClipping.ByValue(Gradients(Odd()), 1.5)),
        })
            for (int i = 0; i < torch.Length; i++)
                Assert.That(mine[i], Is.EqualTo(torch[i]).Within(1e-4).Percent);
        Parameter[] zeros = [WithGradient(0, 0)];
        Assert.That(
            Clipped(zeros, parameters => new GradientNormClipping(parameters, 0)).Single(),
            Is.EqualTo(TorchClipping.ByNorm([[0, 0]], 0).Gradients.Single()));
    }

    [Test]
    public void EachValueIsLimitedAsInTorch([Values(0, 0.25, 1, 100)] double maxValue)
    {
        LiveTorch.Require();
        var parameters = Parameters();
        var expected = TorchClipping.ByValue(Gradients(parameters), maxValue);
        Assert.That(Clipped(parameters, all => new GradientValueClipping(all, maxValue)), Is.EqualTo(expected));
    }

    [Test]
    public void ASmallNormChangesNoBit()
    {
        var parameters = Parameters();
        float[][] before = Gradients(parameters);
        Assert.That(Clipped(parameters, all => new GradientNormClipping(all, 1000)), Is.EqualTo(before));
    }

    [Test]
    public void ANormIsMeasuredWithoutClipping()
    {
        var parameters = Parameters();
        float[][] before = Gradients(parameters);
        var clipping = new GradientNormClipping(Parameters(), 1);
        clipping.Clip();
        Assert.That(new GradientNorm(parameters).Measure(), Is.EqualTo(clipping.Norm));
        Assert.That(Gradients(parameters), Is.EqualTo(before));
    }

    [Test]
    public void ATrainerClipsBeforeTheUpdate()
    {
        var images = Fill.Normals(1, 37, 1, 28, 28);
        int[] labels = Fill.Labels(2, 37);
        var stepped = LeNet.Create(1);
        var clipping = new GradientNormClipping(stepped.Parameters, 0.1);
        using var trainer = new Trainer(stepped, new Sgd(stepped.Parameters, 0.05), 2, clipping: clipping);
        trainer.Step(images, labels);

        var net = LeNet.Create(1);
        var loss = new CrossEntropyLoss();
        loss.Forward(net.Forward(images), labels);
        net.Backward(loss.Backward());
        var alone = new GradientNormClipping(net.Parameters, 0.1);
        alone.Clip();
        new Sgd(net.Parameters, 0.05).Step();

        Assert.That(clipping.Norm, Is.EqualTo(alone.Norm).And.GreaterThan(0.1));
        Assert.That(
            Math.Sqrt(Gradients(net.Parameters).SelectMany(gradient => gradient).Sum(value => (double)value * value)),
            Is.EqualTo(0.1).Within(1e-5));
        foreach (var (parameter, other) in net.Parameters.Zip(stepped.Parameters))
            Assert.That(other.Value.ToArray(), Is.EqualTo(parameter.Value.ToArray()), parameter.Name);
    }

    [Test]
    public void AnyNumberOfThreadsGivesTheSameBits()
    {
        var data = Fill.Images(200);
        float[] Train(int threads)
        {
            var net = LeNet.Create(3);
            using var trainer = new Trainer(net, new AdamW(net.Parameters, 0.01), threads, clipping: new GradientNormClipping(net.Parameters, 0.5));
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, data.Count), 40);
            return [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray())];
        }
        float[] alone = Train(1);
        Assert.That(alone, Has.None.NaN);
        foreach (int threads in new[] { 2, 3, 8 })
            Assert.That(Train(threads), Is.EqualTo(alone), $"{threads} threads");
    }

    [Test]
    public void RefusesLimitsOutOfRange()
    {
        Assert.That(
            () => new GradientNormClipping([], -1),
            Throws.InstanceOf<ArgumentException>().With.Message.StartsWith("gradient clipping: expected a maxNorm of 0 or more, got -1"));
        Assert.That(
            () => new GradientValueClipping([], double.NaN),
            Throws.InstanceOf<ArgumentException>().With.Message.StartsWith("gradient clipping: expected a maxValue of 0 or more, got NaN"));
    }

    private static float[][] Clipped(Parameter[] parameters, Func<Parameter[], GradientClipping> clipping)
    {
        clipping(parameters).Clip();
        return Gradients(parameters);
    }

    private static Parameter[] Parameters() =>
        [.. Lengths.Select((length, i) => new Parameter($"p{i}", Tensor.Zeros(length), Fill.Normals((ulong)i + 1, length)))];

    private static Parameter WithGradient(params float[] gradient) => new("p", Tensor.Zeros(gradient.Length), Tensor.From(gradient, gradient.Length));

    private static float[][] Gradients(IEnumerable<Parameter> parameters) => [.. parameters.Select(parameter => parameter.Gradient.ToArray())];
}
