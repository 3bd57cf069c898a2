using Conformance.Engine.Kernels;
using Conformance.Engine.Losses;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Losses;

/// <summary>Cross-entropy against its definition in float64, and SGD against numbers worked out by hand.</summary>
public sealed class LossAndOptimizerTests
{
    [Test]
    public void AHopelessImageCostsALargeFiniteLoss([Values("clear", "fast")] string kernel)
    {
        var loss = new CrossEntropyLoss(kernels: KernelChoice.Named(kernel));

        Assert.That(loss.Forward(Tensor.From([1000, -1000, 0], 1, 3), [1]), Is.EqualTo(2000));
        Assert.That(loss.Backward().ToArray(), Is.EqualTo(new[] { 1f, -1, 0 }));
    }

    [Test]
    public void CrossEntropyReducesAsAsked([Values("clear", "fast")] string kernel)
    {
        var kernels = KernelChoice.Named(kernel);
        var logits = Fill.Normals(3, 21, 5);
        int[] targets = [.. Fill.Labels(4, 21).Select(label => label % 5)];
        double Exact(int n) => Math.Log(Enumerable.Range(0, 5).Sum(c => Math.Exp(logits.At(n, c)))) - logits.At(n, targets[n]);
        var mean = new CrossEntropyLoss(kernels: kernels);
        var sum = new CrossEntropyLoss(Reduction.Sum, kernels: kernels);

        Assert.That(mean.Forward(logits, targets), Is.EqualTo(Enumerable.Range(0, 21).Average(Exact)).Within(1e-6));
        Assert.That(sum.Forward(logits, targets), Is.EqualTo(Enumerable.Range(0, 21).Sum(Exact)).Within(1e-5));
        Assert.That(sum.Losses.ToArray(), Is.EqualTo(Enumerable.Range(0, 21).Select(Exact)).Within(1e-6));
        float[] summed = sum.Backward().ToArray();
        Assert.That(mean.Backward().ToArray(), Is.EqualTo(summed.Select(gradient => gradient / 21)).Within(1e-7));
        float[] weights = Fill.Normals(6, 21).ToArray();
        Assert.That(sum.Backward(weights).ToArray(), Is.EqualTo(summed.Select((gradient, i) => gradient * weights[i / 5])).Within(1e-6));
    }

    [Test]
    public void SgdIsTheSameInBothKernelsToTheBit()
    {
        float[] Train(KernelChoice kernels)
        {
            var parameter = new Parameter("weight", Fill.Normals(1, 5003), Tensor.Zeros(5003));
            var sgd = new Sgd([parameter], 0.1f, 0.9f, kernels: kernels);
            for (ulong step = 0; step < 3; step++)
            {
                parameter.Gradient.CopyFrom(Fill.Normals(2 + step, 5003).ToArray());
                sgd.Step();
                sgd.LearningRate /= 2;
            }
            return [.. parameter.Value.ToArray(), .. sgd.MomentumBuffers[0].ToArray()];
        }
        Assert.That(Train(KernelChoice.Fast), Is.EqualTo(Train(KernelChoice.Clear)));
    }

    [Test]
    public void MomentumHasTheFormOfPytorch()
    {
        var parameter = new Parameter("p", Tensor.From([1], 1), Tensor.From([2], 1));
        var sgd = new Sgd([parameter], 0.5f, 0.5f);
        sgd.Step();
        Assert.That((sgd.MomentumBuffers[0].ToArray()[0], parameter.Value.ToArray()[0]), Is.EqualTo((2f, 0f)), "v = g at first");
        sgd.Step();
        Assert.That((sgd.MomentumBuffers[0].ToArray()[0], parameter.Value.ToArray()[0]), Is.EqualTo((3f, -1.5f)), "then v = μ·v + g");
    }
}
