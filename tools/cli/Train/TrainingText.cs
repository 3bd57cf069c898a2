using System.Globalization;
using Conformance.Engine.Training;

namespace Conformance.Cli.Train;

/// <summary>How far a training is, in words.</summary>
internal static class TrainingText
{
    /// <summary>Of an epoch that is done.</summary>
    public static string Epoch(EpochLine line, int epochs)
    {
        var validation = line.Validation is { } scores
            ? string.Create(CultureInfo.InvariantCulture, $"  validation {100 * scores.Accuracy:F2} %")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"epoch {line.Epoch}/{epochs}  loss {line.TrainLoss:F4}  training {100 * line.TrainAccuracy:F2} %")
            + string.Create(CultureInfo.InvariantCulture, $"{validation}  test {100 * line.Test.Accuracy:F2} %  {line.Seconds:F1} s");
    }

    /// <summary>Of the epoch under way, with the time that is left.</summary>
    /// <param name="seconds">Since this process began with the epoch.</param>
    /// <param name="imagesBefore">What another process did of the epoch.</param>
    public static string Live(TrainingRun run, double seconds, int imagesBefore)
    {
        double rate = (run.Sums.Images - imagesBefore) / Math.Max(seconds, 1e-3);
        double left = (run.ImagesInEpoch - run.Sums.Images + (run.Plan.Epochs - run.Epoch - 1.0) * run.ImagesInEpoch) / rate;
        double share = 100.0 * run.Sums.Images / run.ImagesInEpoch;
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {run.Epoch + 1}/{run.Plan.Epochs}  {share:F0} %  loss {run.Sums.MeanLoss:F4}  {rate:F0} images/s  {left:F0} s left");
    }
}
