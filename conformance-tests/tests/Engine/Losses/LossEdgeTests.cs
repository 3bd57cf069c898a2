using Conformance.Engine.Kernels;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Losses;

/// <summary>What losses do at the edges that no stored case has; PyTorch 1.13 gives these NaN and zeros.</summary>
public sealed class LossEdgeTests
{
    [Test]
    public void AMeanOverWeightsOf0IsNaN([Values("clear", "fast")] string kernel, [Values(0f, 0.1f)] float smoothing)
    {
        var loss = new CrossEntropyLoss(weight: [0, 1, 2], labelSmoothing: smoothing, kernels: KernelChoice.Named(kernel));

        Assert.That(loss.Forward(Tensor.From([1, 2, 3, 0, 1, 0, 5, 4, 3], 3, 3), [0, 0, CrossEntropyLoss.DefaultIgnoreIndex]), Is.NaN);
        float[] gradient = loss.Backward().ToArray();
        Assert.That(gradient[..6], Is.All.NaN);
        Assert.That(gradient[6..], Is.All.Zero, "the ignored image");
        Assert.That(loss.Forward(Tensor.From([1, 2, 3], 1, 3), [1]), Is.Not.NaN, "the next batch");
    }

    [Test]
    public void ALikelihoodOverWeightsOf0IsNaNAtTheTarget([Values("clear", "fast")] string kernel)
    {
        var loss = new NllLoss(weight: [0, 1, 2], kernels: KernelChoice.Named(kernel));

        Assert.That(loss.Forward(Tensor.From([-1, -2, -3], 1, 3), [0]), Is.NaN);
        Assert.That(loss.Backward().ToArray(), Is.EqualTo(new[] { float.NaN, 0, 0 }));
    }

    /// <summary>In float32, 1 − p^q keeps few digits of a small q's loss: at q = 10⁻⁴ it was off by a thousandth.</summary>
    [Test]
    public void ASmallQLosesNoDigits([Values("clear", "fast")] string kernel, [Values(1e-4f, 0.01f, 0.3f)] float q)
    {
        var loss = new GeneralizedCrossEntropyLoss(q: q, kernels: KernelChoice.Named(kernel));
        double logP = -Math.Log(1 + Math.Exp(-0.5) + Math.Exp(0.25));

        Assert.That(loss.Forward(Tensor.From([0.5f, 0, 0.75f], 1, 3), [0]), Is.EqualTo((1 - Math.Exp(q * logP)) / q).Within(3e-7));
    }

    [Test]
    public void ATrainersPassIsNoForwardPassOfOnesOwn()
    {
        var net = LeNet.Create(1);
        var loss = new CrossEntropyLoss();
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.01), 1, loss: loss);
        loss.Forward(Tensor.Zeros(2, 10), [1, 2]);
        trainer.Step(Fill.Normals(1, 3, 1, 28, 28), [1, 2, 3]);

        Assert.That(
            () => loss.Backward(),
            Throws.InvalidOperationException.With.Message.EqualTo("cross_entropy: Backward needs a Forward before it"));
    }

    [Test]
    public void SquaredErrorTakesOneShapeAfterAnother([Values("clear", "fast")] string kernel)
    {
        var loss = new MseLoss(kernels: KernelChoice.Named(kernel));
        foreach (int[] shape in new int[][] { [2, 3], [], [5], [], [1, 2, 3], [4, 2, 3] })
        {
            var target = Tensor.Zeros(shape);
            target.Span.Fill(3);
            Assert.That(loss.Forward(Tensor.Zeros(shape), target), Is.EqualTo(9));
            Assert.That(loss.Backward().ToArray(), Is.EqualTo(Enumerable.Repeat(-6f / target.Length, target.Length)).Within(1e-6));
        }
        Assert.That(loss.Forward(Tensor.Zeros(0, 3), Tensor.Zeros(0, 3)), Is.NaN);
    }
}
