using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Losses;

/// <summary>What the stored cases can't show of the losses: their place in a trainer, their refusals, and what they leave behind.</summary>
public sealed class LossTests
{
    private static readonly float[] Weights = [1, 0.5f, 2, 0, 1, 3, 1, 0.25f, 1, 1];

    private static IEnumerable<TestCaseData> Losses()
    {
        TestCaseData Case(string name, Func<KernelChoice?, ClassificationLoss> create) => new TestCaseData(create).SetArgDisplayNames(name);
        return
        [
            Case("cross_entropy weighted, ignoring, smoothed", kernels => new CrossEntropyLoss(Reduction.Mean, Weights, 4, 0.1f, kernels)),
            Case("cross_entropy sum", kernels => new CrossEntropyLoss(Reduction.Sum, kernels: kernels)),
            Case("nll_loss weighted, ignoring", kernels => new NllLoss(Reduction.Mean, Weights, 7, kernels)),
            Case("generalized_cross_entropy", kernels => new GeneralizedCrossEntropyLoss(q: 0.5f, kernels: kernels)),
        ];
    }

    [TestCaseSource(nameof(Losses))]
    public void AStepOfTheTrainerIsThatOfTheLossAlone(Func<KernelChoice?, ClassificationLoss> create)
    {
        var images = Fill.Normals(1, 37, 1, 28, 28);
        int[] labels = Fill.Labels(2, 37);
        var stepped = LeNet.Create(1);
        using var trainer = new Trainer(stepped, new Sgd(stepped.Parameters, 0.001), 2, loss: create(null));
        float steppedLoss = trainer.Step(images, labels);

        var (net, loss) = (LeNet.Create(1), create(null));
        Assert.That(loss.Forward(net.Forward(images), labels), Is.EqualTo(steppedLoss));
        net.Backward(loss.Backward());
        foreach (var (parameter, other) in net.Parameters.Zip(stepped.Parameters))
            Assert.That(other.Gradient.ToArray(), Is.EqualTo(parameter.Gradient.ToArray()), parameter.Name);
    }

    /// <summary>Batches of different weight: a mean of their means would be another number.</summary>
    [TestCaseSource(nameof(Losses))]
    public void TheMeanOfAnEpochIsOverAllThatCounts(Func<KernelChoice?, ClassificationLoss> create)
    {
        var data = Fill.Images(50);
        var net = LeNet.Create(1);
        var alone = create(null);
        double sum = 0, weight = 0;
        for (int n = 0; n < data.Count; n++)
        {
            float[] pixels = [.. data.Image(n).ToArray().Select(pixel => Normalization.FromByte(pixel))];
            alone.Forward(net.Forward(Tensor.From(pixels, 1, 1, 28, 28)), [data.Labels[n]]);
            (sum, weight) = (sum + alone.Losses[0], weight + alone.Divisor);
        }
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0), 2, loss: create(null)); // at a rate of 0 the network stays as it is
        Assert.That(trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, 50), 11).Loss, Is.EqualTo(sum / weight).Within(1e-5));
        Assert.That(trainer.Evaluate(data).Loss, Is.EqualTo(sum / weight).Within(1e-5));
    }

    [TestCaseSource(nameof(Losses))]
    public void ClearAndFastAgreeAndALargerBatchLeavesNoTrace(Func<KernelChoice?, ClassificationLoss> create)
    {
        var (clear, fast) = (create(KernelChoice.Clear), create(KernelChoice.Fast));
        fast.Forward(Fill.Normals(9, 50, 10), Fill.Labels(8, 50));
        fast.Backward();
        var input = Fill.Normals(1, 21, 10);
        int[] targets = Fill.Labels(2, 21);

        Assert.That(fast.Forward(input, targets), Is.EqualTo(clear.Forward(input, targets)).Within(1e-4).Percent);
        Assert.That(fast.Losses.ToArray(), Is.EqualTo(clear.Losses.ToArray()).Within(1e-5));
        Assert.That(fast.Backward().ToArray(), Is.EqualTo(clear.Backward().ToArray()).Within(1e-6));
        float[] cotangent = Fill.Normals(3, 21).ToArray();
        Assert.That(fast.Backward(cotangent).ToArray(), Is.EqualTo(clear.Backward(cotangent).ToArray()).Within(1e-5));
    }

    [TestCaseSource(nameof(Losses))]
    public void ClearGradientsAreThoseOfFiniteDifferences(Func<KernelChoice?, ClassificationLoss> create)
    {
        var loss = create(KernelChoice.Clear);
        var input = Fill.Normals(1, 6, 10);
        int[] targets = [4, 7, 0, 9, 2, 4];
        loss.Forward(input, targets);
        float[] gradient = loss.Backward().ToArray();
        for (int i = 0; i < gradient.Length; i++)
        {
            float value = input.Span[i];
            input.Span[i] = value + 0.0625f;
            double above = loss.Forward(input, targets);
            input.Span[i] = value - 0.0625f;
            double below = loss.Forward(input, targets);
            input.Span[i] = value;
            Assert.That(gradient[i], Is.EqualTo((above - below) / 0.125).Within(3e-4), $"element {i}");
        }
    }

    [Test]
    public void ABatchThatIsIgnoredCostsNaNTeachesNothingAndStopsATrainer([Values("clear", "fast")] string kernel)
    {
        var loss = new CrossEntropyLoss(labelSmoothing: 0.1f, kernels: KernelChoice.Named(kernel));
        Assert.That(loss.Forward(Fill.Normals(1, 3, 4), [-100, -100, -100]), Is.NaN);
        Assert.That(loss.Backward().ToArray(), Is.All.Zero);

        var net = LeNet.Create(1);
        float[] before = net.Parameters[0].Value.ToArray();
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.1), 1, loss: new CrossEntropyLoss(ignoreIndex: 3));
        Assert.That(() => trainer.Step(Fill.Normals(1, 2, 1, 28, 28), [3, 3]), Throws.InstanceOf<DivergedException>());
        Assert.That(net.Parameters[0].Value.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void SquaredErrorsTakeAnyShape([Values("clear", "fast")] string kernel)
    {
        var loss = new MseLoss(kernels: KernelChoice.Named(kernel));
        Assert.That(loss.Forward(Tensor.From([3], []), Tensor.From([1], [])), Is.EqualTo(4));
        Assert.That(loss.Backward().ToArray(), Is.EqualTo(new[] { 4f }));
        Assert.That(loss.Forward(Tensor.From([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2), Tensor.Zeros(2, 2, 2)), Is.EqualTo(25.5f));
        Assert.That(loss.Losses.ToArray(), Is.EqualTo(new float[] { 1, 4, 9, 16, 25, 36, 49, 64 }));
        Assert.That(loss.Backward(new float[] { 1, 0, 0, 0, 0, 0, 0, 2 }).ToArray(), Is.EqualTo(new float[] { 2, 0, 0, 0, 0, 0, 0, 32 }));
    }

    [Test]
    public void BackwardNeedsAForwardBeforeIt()
    {
        ClassificationLoss[] losses = [new CrossEntropyLoss(), new NllLoss(), new GeneralizedCrossEntropyLoss()];
        foreach (var loss in losses)
        {
            Assert.That(
                () => loss.Backward(),
                Throws.InvalidOperationException.With.Message.StartsWith($"{loss.Operation}: Backward needs a Forward"));
            loss.Forward(Tensor.Zeros(2, 3), [0, 1]);
            Assert.That(() => loss.Backward([1]), Throws.ArgumentException.With.Message.StartsWith($"{loss.Operation}: expected 2 values"));
            Assert.That(() => loss.Forward(Tensor.Zeros(2, 3), [0, 3]), Throws.ArgumentException);
            Assert.That(() => loss.Backward(), Throws.InvalidOperationException, "a refused forward leaves nothing to go back through");
        }
        var mse = new MseLoss();
        Assert.That(() => mse.Backward(), Throws.InvalidOperationException.With.Message.StartsWith("mse_loss: Backward needs a Forward"));
        mse.Forward(Tensor.Zeros(2, 3), Tensor.Zeros(2, 3));
        Assert.That(() => mse.Backward([1]), Throws.ArgumentException.With.Message.StartsWith("mse_loss: expected 6 values"));
        Assert.That(() => mse.Forward(Tensor.Zeros(2, 3), Tensor.Zeros(3, 2)), Throws.ArgumentException);
        Assert.That(() => mse.Backward(), Throws.InvalidOperationException);
    }
}
