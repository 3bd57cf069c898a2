using Conformance.Cli.Shared.Statistics;

namespace Conformance.Cli.Predict;

/// <summary><c>results.json</c> of <c>evaluate</c>. Shares are 0–1.</summary>
/// <param name="AccuracyInterval95">Wilson's.</param>
/// <param name="Confusion">By label, then by predicted class.</param>
/// <param name="Mistakes">Every wrong image, the one whose label was found least likely first.</param>
internal sealed record EvaluationResults(
    int Conformance,
    string Weights,
    int Images,
    int Correct,
    double Accuracy,
    IReadOnlyList<double> AccuracyInterval95,
    double Nll,
    double CalibrationError,
    IReadOnlyList<ClassScores> Classes,
    IReadOnlyList<CalibrationBin> Calibration,
    IReadOnlyList<IReadOnlyList<int>> Confusion,
    IReadOnlyList<EvaluationResults.Mistake> Mistakes)
{
    /// <param name="Image">Its place in the set, from 0.</param>
    internal sealed record Mistake(int Image, int Label, int Predicted, double Confidence, double Loss);

    public static EvaluationResults FromPredictions(string weights, Predictions predictions)
    {
        var (low, high) = Wilson.Confidence95(predictions.Correct, predictions.Each.Count);
        var mistakes = predictions.WorstMistakes.Select(one => new Mistake(one.Index, one.Label, one.Class, one.Confidence, one.Loss));
        return new(
            1, weights, predictions.Each.Count, predictions.Correct, predictions.Accuracy, [low, high],
            predictions.NegativeLogLikelihood, predictions.CalibrationError,
            predictions.Classes, predictions.Calibration, predictions.Confusion, [.. mistakes]);
    }
}
