using Conformance.Cli.Compare;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;
using Conformance.Engine.Data;
using Conformance.Torch;

namespace Conformance.Cli.Torch;

/// <summary>The engine's LeNet and torch's, on MNIST. The engine draws the weights and the order; torch is given both.</summary>
internal sealed class LeNetSides : ISides
{
    private const int Side = 28;

    private readonly ImageSet _train;
    private readonly ImageSet _test;
    private readonly ByteSet _trainBytes;
    private readonly ByteSet _testBytes;

    private LeNetSides(ImageSet train, ImageSet test)
    {
        (_train, _test) = (train, test);
        (_trainBytes, _testBytes) = (ByteSet.FromImages(train), ByteSet.FromImages(test));
    }

    public string Provider => TorchRuntime.Provider;

    public string Float32 => TorchRuntime.Float32!.Text; // there is one wherever torch loads, which Open makes sure of

    public int TrainImages => _train.Count;

    /// <inheritdoc cref="ICompareReference.OpenSides"/>
    /// <exception cref="UserError">Torch's float32 is wrong on this machine whatever is done.</exception>
    public static ISides Open(IReadOnlyList<string> data, Action<string> say, CancellationToken cancel)
    {
        if (TorchRuntime.Float32 is { IsUsable: false } health)
            throw new UserError($"torch: {health.Text}", ExitCode.Missing);
        var paths = data.Count > 0 ? OwnFiles.Locate(data) : DataSet.Mnist.Ensure(say, cancel);
        return new LeNetSides(Load(paths.TrainImages, paths.TrainLabels), Load(paths.TestImages, paths.TestLabels));
    }

    public Trainers Start(ulong seed, CompareOptions options)
    {
        var weights = ScratchTrainer.Weights(seed);
        return new(new ScratchTrainer(seed, _train, _test, options), Torch(weights), Torch(Nudged(weights)));

        TorchTrainer Torch(IReadOnlyDictionary<string, float[]> weights) => new(weights, _trainBytes, _testBytes, options);
    }

    public ReferenceSteps Reference(ulong seed, CompareOptions options, IReadOnlyList<int[]> batches, CancellationToken cancel) =>
        TorchTrainer.Reference(ScratchTrainer.Weights(seed), _trainBytes, options, batches, cancel);

    public int[] Order(ulong seed, int epoch, int count) => new BatchOrder(seed).Permutation(epoch, count);

    private static ImageSet Load(string images, string labels)
    {
        var set = ImageSet.Load(images, labels);
        return set is { Height: Side, Width: Side }
            ? set
            : throw new UserError($"{images}: expected images of {Side}×{Side}, which LeNet takes, got {set.Height}×{set.Width}");
    }

    /// <summary>A copy with the last bit of the first layer's first weight changed.</summary>
    private static Dictionary<string, float[]> Nudged(IReadOnlyDictionary<string, float[]> weights)
    {
        var nudged = weights.ToDictionary(pair => pair.Key, pair => (float[])pair.Value.Clone());
        var first = nudged["conv1.weight"];
        first[0] = MathF.BitIncrement(first[0]);
        return nudged;
    }
}
