using Conformance.Cli.Compare;
using Conformance.Engine.Data;
using Conformance.Torch;

namespace Conformance.Cli.Torch;

/// <summary>Images and labels as bytes, one image after the other: what the baseline reads.</summary>
internal sealed record ByteSet(byte[] Pixels, byte[] Labels)
{
    public static ByteSet FromImages(ImageSet set)
    {
        var size = set.Height * set.Width;
        var pixels = new byte[set.Count * size];
        for (var i = 0; i < set.Count; i++)
            set.Image(i).CopyTo(pixels.AsSpan(i * size));
        return new(pixels, set.Labels.ToArray());
    }
}

/// <summary>Torch's side: the LeNet of <c>reference/torch</c>, from the weights it is given.</summary>
internal sealed class TorchTrainer(IReadOnlyDictionary<string, float[]> weights, ByteSet train, ByteSet test, CompareOptions options) : ITrainer
{
    /// <summary>As far from a kink as the stored networks keep: float32 rounding moves an activation by some 1e-6.</summary>
    private const double Clearance = 1e-5;

    /// <summary>Of them the largest counts: four are enough that none is small in all by luck.</summary>
    private const int NudgedTrainings = 4;

    /// <summary>The terms of a number of fc1, and of a gradient at conv2's input.</summary>
    private const int LongestRow = 400;

    private readonly LeNetBaseline _baseline = new(weights, options.LearningRate, options.Momentum, options.Threads.Baseline);

    /// <summary>In float32, as it trains.</summary>
    public Trajectory FirstSteps(IReadOnlyList<int[]> batches)
    {
        using var apart = new LeNetBaseline(weights, options.LearningRate, options.Momentum, options.Threads.Baseline);
        return ToTrajectory(apart.Trace(train.Pixels, train.Labels, batches));
    }

    /// <summary>In float64, plain and nudged.</summary>
    public static ReferenceSteps Reference(
        IReadOnlyDictionary<string, float[]> weights, ByteSet train, CompareOptions options, IReadOnlyList<int[]> batches, CancellationToken cancel)
    {
        var exact = InFloat64(null, batches, Clearance);
        var largest = exact.Batches.Select(batch => batch.Length).DefaultIfEmpty(0).Max();
        return new(
            exact.Batches, Math.Max(LongestRow, largest * LeNetBaseline.ImagePixels), ToTrajectory(exact),
            [.. Enumerable.Range(1, NudgedTrainings).Select(seed => ToTrajectory(InFloat64((ulong)seed, exact.Batches, 0)))]);

        BaselineTrace InFloat64(ulong? nudge, IReadOnlyList<int[]> batches, double clearance)
        {
            using var net = LeNetBaseline.InFloat64(weights, options.LearningRate, options.Momentum, options.Threads.Baseline, nudge);
            return net.Trace(train.Pixels, train.Labels, batches, clearance, cancel);
        }
    }

    public TrainedEpoch TrainEpoch(ReadOnlySpan<int> order, Action<int> progress, CancellationToken cancel)
    {
        var epoch = _baseline.TrainEpoch(train.Pixels, train.Labels, order, options.Batch, progress, cancel);
        return new(epoch.Loss, epoch.Accuracy);
    }

    public TestScores Evaluate()
    {
        var evaluation = _baseline.Evaluate(test.Pixels, test.Labels);
        return new(evaluation.Loss, evaluation.Correct);
    }

    private static Trajectory ToTrajectory(BaselineTrace trace) => new(trace.Losses, trace.Gradients, trace.Weights);

    public void Dispose() => _baseline.Dispose();
}
