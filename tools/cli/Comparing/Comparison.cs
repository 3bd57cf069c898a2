using System.Diagnostics;

namespace Conformance.Cli.Comparing;

/// <summary>
/// Trains both sides seed by seed, epoch by epoch in turn, so that whatever else the machine does falls on both. One clock times both.
/// </summary>
internal sealed class Comparison(ISides sides, CompareOptions options, Progress progress, CancellationToken cancel)
{
    private readonly int _trainImages = options.TrainLimit ?? sides.TrainImages;
    private readonly List<(Evaluation Scratch, Evaluation Baseline)> _final = [];
    private double _firstStepMaxError;

    /// <exception cref="UserError">More training images are asked for than there are.</exception>
    public CompareResults Run()
    {
        if (_trainImages > sides.TrainImages)
            throw new UserError($"--train-limit: expected at most {sides.TrainImages}, the number of training images, got {_trainImages}");

        var scratch = new EpochResults[options.Seeds][];
        var baseline = new EpochResults[options.Seeds][];
        for (var seed = 1; seed <= options.Seeds; seed++)
            (scratch[seed - 1], baseline[seed - 1]) = RunSeed(seed);

        return new(
            1, sides.Provider,
            new(options.Epochs, options.Seeds, options.Batch, _trainImages, options.LearningRate, options.Momentum, options.Threads),
            SideResults.Of(scratch), SideResults.Of(baseline),
            Agreement.Of(_firstStepMaxError, _final));
    }

    private (EpochResults[] Scratch, EpochResults[] Baseline) RunSeed(int seed)
    {
        var (scratch, baseline) = sides.Start((ulong)seed, options);
        using var first = scratch;
        using var second = baseline;

        var order = sides.Order((ulong)seed, 0, _trainImages);
        var batch = order.AsSpan(0, Math.Min(options.Batch, order.Length));
        _firstStepMaxError = Math.Max(_firstStepMaxError, Agreement.GradientError(scratch.Gradients(batch), baseline.Gradients(batch)));

        var ours = new EpochResults[options.Epochs];
        var theirs = new EpochResults[options.Epochs];
        (Evaluation, Evaluation) last = default;
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            order = sides.Order((ulong)seed, epoch, _trainImages);
            var title = $"seed {seed}/{options.Seeds}  epoch {epoch + 1}/{options.Epochs}";
            (ours[epoch], last.Item1) = RunEpoch(scratch, order, $"{title}  scratch");
            (theirs[epoch], last.Item2) = RunEpoch(baseline, order, $"{title}  torch");
            progress.Line(
                $"{title}  test accuracy: scratch {ours[epoch].TestAccuracy:P2} in {ours[epoch].Seconds:F1} s,"
                + $" torch {theirs[epoch].TestAccuracy:P2} in {theirs[epoch].Seconds:F1} s");
        }
        _final.Add(last);
        return (ours, theirs);
    }

    private (EpochResults, Evaluation) RunEpoch(ITrainer trainer, int[] order, string title)
    {
        cancel.ThrowIfCancellationRequested();
        progress.Live($"{title}: training");
        var clock = Stopwatch.StartNew();
        var training = trainer.TrainEpoch(order, images => progress.Live($"{title}: {images} of {order.Length} images"), cancel);
        var seconds = clock.Elapsed.TotalSeconds;
        progress.Live($"{title}: testing");
        var test = trainer.Evaluate();
        return (new(training.Loss, training.Accuracy, test.Loss, test.Accuracy, seconds), test);
    }
}
