using Conformance.Engine.Training;

namespace Conformance.Cli.Train;

/// <summary>
/// An epoch's figures, one line of <c>metrics.jsonl</c>. Accuracies are 0–1, losses are means over the images. Training figures are by the weights
/// that each batch began with.
/// </summary>
/// <param name="Test">For the eye alone: nothing is chosen by it.</param>
/// <param name="Time">When the epoch ended.</param>
internal sealed record EpochLine(
    int Epoch, int Steps, double LearningRate, double GradientNorm, double TrainLoss, double TrainAccuracy, Scores? Validation, Scores Test,
    DateTimeOffset Time, double Seconds);

/// <summary>How well a network does on a set of images.</summary>
/// <param name="Loss">Mean over the images.</param>
/// <param name="Accuracy">0–1.</param>
internal sealed record Scores(double Loss, double Accuracy, int Images)
{
    public static Scores FromEvaluation(Evaluation evaluation) => new(evaluation.Loss, evaluation.Accuracy, evaluation.Correct.Count);
}
