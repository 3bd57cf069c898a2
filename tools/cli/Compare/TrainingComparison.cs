using System.Diagnostics;
using Conformance.Cli.Shared;

namespace Conformance.Cli.Compare;

/// <summary>
/// Judges the first steps, then trains all sides seed by seed, epoch by epoch in turn, so that whatever else the machine does falls on all. One clock
/// times them.
/// </summary>
internal sealed class TrainingComparison(ISides sides, CompareOptions options, Progress progress, CancellationToken cancel)
{
    private readonly int _trainImages = options.TrainLimit ?? sides.TrainImages;

    /// <exception cref="UserError">More training images are asked for than there are.</exception>
    public CompareResults Run()
    {
        if (_trainImages > sides.TrainImages)
            throw new UserError($"--train-limit: expected at most {sides.TrainImages}, the number of training images, got {_trainImages}");

        var first = RunFirstSteps();
        var seeds = Enumerable.Range(1, options.Seeds).Select(RunSeed).ToArray();
        return new(
            CompareResults.Version, sides.Provider, sides.Float32,
            new(options.Epochs, options.Seeds, options.Batch, _trainImages, options.LearningRate, options.Momentum, options.Threads),
            Results(seeds.Select(seed => seed.Scratch)), Results(seeds.Select(seed => seed.Baseline)), Results(seeds.Select(seed => seed.Nudged)),
            first,
            AccuracyAgreement.Measure(
                [.. seeds.Select(seed => (seed.Scratch.Last, seed.Baseline.Last))],
                [.. seeds.Select(seed => (seed.Nudged.Last, seed.Baseline.Last))]));
    }

    private static SideResults Results(IEnumerable<Trained> seeds) => SideResults.FromEpochs([.. seeds.Select(seed => seed.Epochs.ToArray())]);

    private FirstSteps RunFirstSteps()
    {
        progress.Live("first steps: torch in float64");
        var batches =
            FirstSteps.Batches(Enumerable.Range(0, options.Epochs).SelectMany(epoch => sides.Order(1, epoch, _trainImages).Chunk(options.Batch)));
        var reference = sides.Reference(1, options, batches, cancel);
        progress.Live("first steps: both sides in float32");
        using var trainers = sides.Start(1, options);
        var result = FirstSteps.Compare(
            reference, batches, trainers.Scratch.FirstSteps(reference.Batches), trainers.Baseline.FirstSteps(reference.Batches));
        progress.Line($"first {result.Steps} steps: {FirstStepsText.Verdict(result)}");
        return result;
    }

    private (Trained Scratch, Trained Baseline, Trained Nudged) RunSeed(int seed)
    {
        using var trainers = sides.Start((ulong)seed, options);
        var (scratch, baseline, nudged) = (new Trained(trainers.Scratch), new Trained(trainers.Baseline), new Trained(trainers.Nudged));
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            var order = sides.Order((ulong)seed, epoch, _trainImages);
            var title = $"seed {seed}/{options.Seeds}  epoch {epoch + 1}/{options.Epochs}";
            var (ours, theirs, control) = (
                RunEpoch(scratch, order, $"{title}  scratch"),
                RunEpoch(baseline, order, $"{title}  torch"),
                RunEpoch(nudged, order, $"{title}  torch, nudged"));
            progress.Line(
                $"{title}  test accuracy: scratch {ours.TestAccuracy:P2} in {ours.Seconds:F1} s,"
                + $" torch {theirs.TestAccuracy:P2} in {theirs.Seconds:F1} s, nudged {control.TestAccuracy:P2}");
        }
        return (scratch, baseline, nudged);
    }

    private EpochResults RunEpoch(Trained side, int[] order, string title)
    {
        cancel.ThrowIfCancellationRequested();
        progress.Live($"{title}: training");
        var clock = Stopwatch.StartNew();
        var training = side.Trainer.TrainEpoch(order, images => progress.Live($"{title}: {images} of {order.Length} images"), cancel);
        var seconds = clock.Elapsed.TotalSeconds;
        progress.Live($"{title}: testing");
        side.Last = side.Trainer.Evaluate();
        side.Epochs.Add(new(training.Loss, training.Accuracy, side.Last.Loss, side.Last.Accuracy, seconds));
        return side.Epochs[^1];
    }
}
