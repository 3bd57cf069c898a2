using Conformance.Cli.Comparing;
using Conformance.Cli.Data;
using Conformance.Engine;
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
        (_trainBytes, _testBytes) = (Bytes(train), Bytes(test));
    }

    public string Provider => TorchRuntime.Provider;

    public int TrainImages => _train.Count;

    /// <inheritdoc cref="IReference.OpenSides"/>
    public static ISides Open(IReadOnlyList<string> data, Action<string> say, CancellationToken cancel)
    {
        var paths = data.Count > 0 ? DataPaths.Of(data) : DataSet.Mnist.Ensure(say, cancel);
        return new LeNetSides(Load(paths.TrainImages, paths.TrainLabels), Load(paths.TestImages, paths.TestLabels));
    }

    public (ITrainer Scratch, ITrainer Baseline) Start(ulong seed, CompareOptions options)
    {
        var scratch = new ScratchTrainer(seed, _train, _test, options);
        return (scratch, new TorchTrainer(scratch.Weights, _trainBytes, _testBytes, options));
    }

    public int[] Order(ulong seed, int epoch, int count) => new BatchOrder(seed).Permutation(epoch, count);

    private static ImageSet Load(string images, string labels)
    {
        var set = ImageSet.Load(images, labels);
        return set is { Height: Side, Width: Side }
            ? set
            : throw new UserError($"{images}: expected images of {Side}×{Side}, which LeNet takes, got {set.Height}×{set.Width}");
    }

    private static ByteSet Bytes(ImageSet set)
    {
        var pixels = new byte[set.Count * Side * Side];
        for (var i = 0; i < set.Count; i++)
            set.Image(i).CopyTo(pixels.AsSpan(i * Side * Side));
        return new(pixels, set.Labels.ToArray());
    }
}
