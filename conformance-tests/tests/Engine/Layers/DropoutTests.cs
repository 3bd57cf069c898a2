using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Layers;

/// <summary>The masks that dropout draws: their share, what they depend on, and what they don't.</summary>
internal sealed class DropoutTests
{
    private const int Images = 200;
    private const int Features = 500;

    /// <summary>What a layer keeps of a batch of ones in each of some steps: 1 or 0 for each element.</summary>
    private static int[] Kept(Dropout layer, int images = Images, int features = Features) =>
        [.. layer.Forward(Tensor.From([.. Enumerable.Repeat(1f, images * features)], images, features)).ToArray().Select(value => value > 0 ? 1 : 0)];

    [TestCase(0.5)]
    [TestCase(0.1)]
    [TestCase(0.9)]
    public void TheShareThatIsKeptIsThatAskedFor(double p)
    {
        // Five deviations of a binomial: chance alone fails once in two million seeds, and this seed is always the same.
        double Allowed(int count) => 5 * Math.Sqrt(p * (1 - p) / count);
        var kept = Kept(new Dropout(p, seed: 1));
        Assert.That(kept.Average(), Is.EqualTo(1 - p).Within(Allowed(kept.Length)));
        for (var image = 0; image < Images; image++)
            Assert.That(kept.Skip(image * Features).Take(Features).Average(), Is.EqualTo(1 - p).Within(Allowed(Features)), $"image {image}");
        for (var feature = 0; feature < Features; feature++)
            Assert.That(kept.Where((_, i) => i % Features == feature).Average(), Is.EqualTo(1 - p).Within(Allowed(Images)), $"feature {feature}");
    }

    [Test]
    public void MasksOfSeedsStepsImagesAndElementsAreIndependent()
    {
        const double Allowed = 5 * 0.25; // in units of 1/√count, with p = ½
        void Independent(IReadOnlyList<int> a, IReadOnlyList<int> b, string what)
        {
            var count = Math.Min(a.Count, b.Count);
            Assert.That(Enumerable.Range(0, count).Average(i => (a[i] - 0.5) * (b[i] - 0.5)), Is.Zero.Within(Allowed / Math.Sqrt(count)), what);
        }
        var layer = new Dropout(0.5, seed: 1);
        int[] first = Kept(layer), second = Kept(layer);
        Independent(first, second, "steps");
        Independent(first, Kept(new Dropout(0.5, seed: 2)), "seeds");
        Independent(first, Kept(new Dropout(0.5, seed: 2) { Step = 1 }), "the next seed and the next step");
        foreach (var distance in new[] { 1, 2, 16, Features, 16 * Features })
            Independent(first, first[distance..], $"elements {distance} apart");
    }

    [Test]
    public void TheMaskDependsOnNeitherKernelNorBatchNorWhatWasDrawnBefore()
    {
        var expected = Kept(new Dropout(0.3, seed: 9) { Step = 3 });
        Assert.That(Kept(new Dropout(0.3, seed: 9, KernelChoice.Clear) { Step = 3 }), Is.EqualTo(expected), "the clear kernel");
        Assert.That(Kept(new Dropout(0.3, seed: 9) { Step = 3 }, images: 18), Is.EqualTo(expected.Take(18 * Features)), "fewer images");
        var used = new Dropout(0.3, seed: 9);
        for (var step = 0; step < 3; step++)
            Kept(used, images: 50, features: 7);
        Assert.That(used.Step, Is.EqualTo(3));
        Assert.That(Kept(used), Is.EqualTo(expected), "after other batches");
    }

    [Test]
    public void OnlyAForwardPassCountsAsAStep([Values("clear", "fast")] string kernel)
    {
        var layer = new Dropout(0.3, seed: 9, KernelChoice.Named(kernel));
        layer.Chain.Connect(Tensor.Zeros(18, 5));
        Assert.That(layer.Step, Is.Zero, "nothing ran");
        Assert.That(Kept(layer), Is.EqualTo(Kept(new Dropout(0.3, seed: 9))));
        Assert.That(layer.Step, Is.EqualTo(1));
    }

    [Test]
    public void AnyNumberOfThreadsAndEitherKernelGivesTheSameBits()
    {
        var data = Fill.Images(100);
        float[] Train(KernelChoice kernels, int threads)
        {
            var net = new Sequential(
                ("drop1", new Dropout(0.2, 1, kernels)), ("flatten", new Flatten()),
                ("drop2", new Dropout(0.5, 2, kernels)), ("fc", new Linear(784, 10, kernels: KernelChoice.Fast)));
            using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.05f, 0.9f), threads);
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, data.Count), 41);
            return net.Parameters[0].Value.ToArray();
        }
        var alone = Train(KernelChoice.Fast, 1);
        Assert.That(alone, Has.None.NaN.And.Some.Not.Zero);
        foreach (var threads in new[] { 2, 3, 8 })
            Assert.That(Train(KernelChoice.Fast, threads), Is.EqualTo(alone), $"{threads} threads");
        Assert.That(Train(KernelChoice.Clear, 2), Is.EqualTo(alone), "the clear kernel");
    }

    [Test]
    public void BackwardTakesTheMaskOfTheForwardPassBeforeIt([Values("clear", "fast")] string kernel)
    {
        var layer = new Dropout(0.75, seed: 4, KernelChoice.Named(kernel));
        var (x, dy) = (Fill.Normals(1, 18, 40), Fill.Normals(2, 18, 40));
        layer.Forward(x);
        float[] y = layer.Forward(x).ToArray(), dx = layer.Backward(dy).ToArray();
        for (var i = 0; i < y.Length; i++)
        {
            Assert.That(y[i], Is.Zero.Or.EqualTo(4 * x.Span[i]));
            Assert.That(dx[i], Is.EqualTo(y[i] == 0 ? 0 : 4 * dy.Span[i]));
        }
    }

    [Test]
    public void EvaluationIsTheIdentityAndDrawsNothing([Values("clear", "fast")] string kernel)
    {
        var layer = new Dropout(0.5, seed: 4, KernelChoice.Named(kernel)) { Training = false, Mask = Tensor.Zeros(3, 5) };
        var (x, dy) = (Fill.Normals(1, 18, 5), Fill.Normals(2, 18, 5));
        Assert.That(layer.Forward(x).ToArray(), Is.EqualTo(x.ToArray()));
        Assert.That(layer.Backward(dy).ToArray(), Is.EqualTo(dy.ToArray()));
        Assert.That(layer.Step, Is.Zero);
    }

    [Test]
    public void TheEndsOfPAreThoseOfPyTorch([Values("clear", "fast")] string kernel)
    {
        var x = Tensor.From([1, -2, float.NaN, float.PositiveInfinity], 1, 4);
        Assert.That(new Dropout(0, kernels: KernelChoice.Named(kernel)).Forward(x).ToArray(), Is.EqualTo(x.ToArray()));
        Assert.That(
            new Dropout(1, kernels: KernelChoice.Named(kernel)).Forward(x).ToArray(),
            Is.EqualTo(new[] { 0, 0, float.NaN, float.NaN }),
            "x · 0");
    }

    [Test]
    public void AMaskThatIsGivenIsUsedAndMayBeTakenBack([Values("clear", "fast")] string kernel)
    {
        var layer = new Dropout(0.5, seed: 1, KernelChoice.Named(kernel)) { Mask = Tensor.From([1, 0, 0, 1, 1, 0], 2, 3) };
        Assert.That(layer.Forward(Tensor.From([1, 2, 3, 4, 5, 6], 2, 3)).ToArray(), Is.EqualTo(new float[] { 2, 0, 0, 8, 10, 0 }));
        layer.Mask = null;
        Assert.That(Kept(layer), Is.EqualTo(Kept(new Dropout(0.5, seed: 1, KernelChoice.Named(kernel)) { Step = 1 })));
    }
}
