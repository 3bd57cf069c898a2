using Conformance.Cli.Compare;
using Conformance.Cli.Torch;
using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Cli.Compare;

/// <summary>The limits of the first steps on MNIST itself: wide enough for right float32 engines, narrow enough for mistakes.</summary>
internal sealed class FirstStepsTests
{
    private const double LearningRate = 0.01, Momentum = 0.9;

    private static readonly Dictionary<string, Action<Mistaken>> Mistakes = new()
    {
        ["the sign of a gradient"] = net => net.Gradient("conv2.bias").ForEach(value => -value),
        ["one channel without a gradient"] = net => net.Gradient("conv1.weight").ForEach((value, i) => i / 25 == 3 ? 0 : value),
        ["a hundredth too much in fc2"] = net => net.Gradient("fc2.weight").ForEach(value => 1.01f * value),
        ["a hundredth too much in conv1"] = net => net.Gradient("conv1.weight").ForEach(value => 1.01f * value),
        ["a thousandth too much in fc3"] = net => net.Gradient("fc3.bias").ForEach(value => 1.001f * value),
        ["one number of a gradient lost"] = net => net.Gradient("conv2.weight").ForEach((value, i) => i == 1200 ? 0 : value),
        ["one tap of conv2 missing"] = net => net.SkipTap("conv2.weight", 24),
        ["the last tap of conv1 missing in one filter"] = net => net.SkipTap("conv1.weight", 149),
        ["another momentum"] = net => net.Momentum = 0.89,
        ["no momentum"] = net => net.Momentum = 0,
        ["a learning rate a hundredth too large"] = net => net.LearningRate = 1.01 * LearningRate,
        ["the momentum buffer lost after ten steps"] = net => net.LosesMomentumAt = 10,
        ["fc1.bias frozen"] = net => net.Gradient("fc1.bias").ForEach(_ => 0),
        ["a gradient that is not a number"] = net => net.Gradient("fc3.weight").ForEach((value, i) => i == 7 ? float.NaN : value),
    };

    private static readonly Dictionary<ulong, Lazy<ReferenceSteps>> References = new ulong[] { 1, 2, 3 }.ToDictionary(
        seed => seed, seed => new Lazy<ReferenceSteps>(() => Reference(seed, steps: 20, batch: 32)));

    private static string[] MistakeNames => [.. Mistakes.Keys];

    private static Lazy<ImageSet> Images { get; } = new(() => ImageSet.Load(LiveMnist.Require().TrainImages, LiveMnist.Require().TrainLabels));

    private static Lazy<ByteSet> Bytes { get; } = new(() => ByteSet.FromImages(Images.Value));

    [OneTimeSetUp]
    public void NeedsTorchAndMnist()
    {
        LiveTorch.Require();
        LiveMnist.Require();
    }

    [Test, Category("Long")]
    public void ARightEngineStaysWellWithin([Values(1u, 2u, 3u)] uint seed)
    {
        var reference = References[seed].Value;
        var judged = new RoundingLimits(reference).Judge(new Mistaken(seed, KernelChoice.Fast).Train(Images.Value, reference.Batches));
        TestContext.Out.WriteLine(judged);
        Assert.That(judged.DiffersAt, Is.Null);
        Assert.That(judged.WorstOfLimit, Is.InRange(0.002, 0.25), "and not by a limit that says nothing");
    }

    /// <summary>The loop nests add every sum up in one float32, term after term: no right engine rounds worse.</summary>
    [Test, Category("Long")]
    public void SoDoLoopNests()
    {
        var reference = Reference(4, steps: 3, batch: 16);
        var judged = new RoundingLimits(reference).Judge(new Mistaken(4, KernelChoice.Clear).Train(Images.Value, reference.Batches));
        TestContext.Out.WriteLine(judged);
        Assert.That(judged.WorstOfLimit, Is.InRange(0.002, 0.25));
    }

    /// <summary>As <c>compare</c> runs: 50 steps of 64 images; the loop nests, which are slow, ten of them.</summary>
    [Test, Category("Long")]
    public void RightEnginesStayWithinHalf([Values(1u, 2u, 3u)] uint seed)
    {
        var reference = Reference(seed, steps: 50, batch: 64);
        var ten = reference with { Batches = [.. reference.Batches.Take(10)] };
        using var torch = new TorchTrainer(ScratchTrainer.Weights(seed), Bytes.Value, Bytes.Value, Options(64));
        (string Name, StepsJudged Judged)[] engines =
        [
            ("fast", new RoundingLimits(reference).Judge(new Mistaken(seed, KernelChoice.Fast).Train(Images.Value, reference.Batches))),
            ("clear", new RoundingLimits(ten).Judge(new Mistaken(seed, KernelChoice.Clear).Train(Images.Value, ten.Batches))),
            ("torch", new RoundingLimits(reference).Judge(torch.FirstSteps(reference.Batches))),
        ];
        TestContext.Out.WriteLine($"seed {seed}: {string.Join(", ", engines)}");
        Assert.That(engines.Where(engine => !(engine.Judged.WorstOfLimit < 0.5)), Is.Empty);
    }

    [Test, Category("Long")]
    public void AMistakeIsSeen([ValueSource(nameof(MistakeNames))] string mistake, [Values(1u, 2u)] uint seed)
    {
        var reference = References[seed].Value;
        var net = new Mistaken(seed, KernelChoice.Fast);
        Mistakes[mistake](net);
        var judged = new RoundingLimits(reference).Judge(net.Train(Images.Value, reference.Batches));
        TestContext.Out.WriteLine(judged);
        Assert.That(judged.DiffersAt, Is.Not.Null);
        Assert.That(judged.WorstOfLimit, Is.GreaterThan(2).Or.NaN);
    }

    [Test, Category("Long")]
    public void FewImagesLieAtKinks([Values(1u, 2u, 3u)] uint seed) =>
        Assert.That(References[seed].Value.Batches.Sum(batch => batch.Length), Is.InRange(0.9 * 20 * 32, 20 * 32));

    [Test, Category("Long")]
    public void TheReferenceIsTheSameEachTime()
    {
        var (one, other) = (Reference(1, steps: 3, batch: 8), Reference(1, steps: 3, batch: 8));
        Assert.That(one.Batches, Is.EqualTo(other.Batches));
        Assert.That(one.Exact.Losses, Is.EqualTo(other.Exact.Losses));
        Assert.That(one.Nudged.Select(nudged => nudged.Losses), Is.EqualTo(other.Nudged.Select(nudged => nudged.Losses)));
        Assert.That(one.Nudged.Select(nudged => nudged.Losses[2]), Is.Unique.And.None.EqualTo(one.Exact.Losses[2]));
    }

    private static ReferenceSteps Reference(ulong seed, int steps, int batch)
    {
        var order = new BatchOrder(seed).Permutation(0, Images.Value.Count);
        return TorchTrainer.Reference(
            ScratchTrainer.Weights(seed), Bytes.Value, Options(batch), [.. order.Chunk(batch).Take(steps)], CancellationToken.None);
    }

    private static CompareOptions Options(int batch) => new(1, 1, batch, LearningRate, Momentum, null, new(1, 1));

    /// <summary>A LeNet that trains with a mistake, or with none.</summary>
    private sealed class Mistaken(ulong seed, KernelChoice kernels)
    {
        private readonly List<(string Name, Func<float, int, float> Change)> _changes = [];
        private (string Name, int Tap)? _skipped;
        private string _named = "";

        public double LearningRate { get; set; } = FirstStepsTests.LearningRate;

        public double Momentum { get; set; } = FirstStepsTests.Momentum;

        public int? LosesMomentumAt { get; set; }

        public Mistaken Gradient(string name)
        {
            _named = name;
            return this;
        }

        public void ForEach(Func<float, float> change) => ForEach((value, _) => change(value));

        public void ForEach(Func<float, int, float> change) => _changes.Add((_named, change));

        /// <summary>A weight that is never read, and gets no gradient.</summary>
        public void SkipTap(string name, int tap) => _skipped = (name, tap);

        public Trajectory Train(ImageSet images, IReadOnlyList<int[]> batches)
        {
            var net = LeNet.Create(seed, kernels);
            var (loss, optimizer) = (new CrossEntropyLoss(kernels: kernels), new Sgd(net.Parameters, LearningRate, Momentum, kernels: kernels));
            var (losses, weights) = (new List<double>(), new List<IReadOnlyDictionary<string, double[]>>());
            IReadOnlyDictionary<string, double[]> gradients = new Dictionary<string, double[]>();
            foreach (var batch in batches)
            {
                var skipped = Swap(net, 0);
                var logits = net.Forward(
                    Tensor.From([.. batch.SelectMany(i => images.Image(i).ToArray()).Select(Normalization.FromByte)], batch.Length, 1, 28, 28));
                losses.Add(loss.Forward(logits, [.. batch.Select(i => (int)images.Labels[i])]));
                net.Backward(loss.Backward());
                Swap(net, skipped);
                foreach (var (name, change) in _changes)
                    Change(net, name, change);
                if (_skipped is { } tap)
                    Change(net, tap.Name, (value, i) => i == tap.Tap ? 0 : value);
                if (losses.Count == 1)
                    gradients = Values(net, parameter => parameter.Gradient);
                if (losses.Count - 1 == LosesMomentumAt)
                    foreach (var buffer in optimizer.MomentumBuffers)
                        buffer.Span.Clear();
                optimizer.Step();
                weights.Add(Values(net, parameter => parameter.Value));
            }
            return new([.. losses], gradients, weights);
        }

        private float Swap(Sequential net, float value)
        {
            if (_skipped is not { } tap)
                return 0;
            ref var weight = ref net.Parameters.Single(parameter => parameter.Name == tap.Name).Value.Span[tap.Tap];
            var before = weight;
            weight = value;
            return before;
        }

        private static void Change(Sequential net, string name, Func<float, int, float> change)
        {
            var gradient = net.Parameters.Single(parameter => parameter.Name == name).Gradient.Span;
            for (var i = 0; i < gradient.Length; i++)
                gradient[i] = change(gradient[i], i);
        }

        private static Dictionary<string, double[]> Values(Sequential net, Func<Parameter, Tensor> of) =>
            net.Parameters.ToDictionary(parameter => parameter.Name, parameter => Array.ConvertAll(of(parameter).ToArray(), value => (double)value));
    }
}
