using System.Globalization;
using Conformance.Cli.Predict;
using Conformance.Cli.Shared;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Train;

/// <summary><c>report.html</c> of <c>train</c>: curves, how good the network is, every number and the settings.</summary>
internal static class TrainingHtml
{
    /// <param name="predictions">Of the test images, by the weights that are kept.</param>
    /// <param name="classes">What the labels stand for.</param>
    public static string Render(Preset preset, int seed, int bestEpoch, IReadOnlyList<EpochLine> lines, Predictions predictions,
        IReadOnlyList<string> classes) => EvaluationHtml.Page(
        $"{preset.Name}, seed {seed}",
        $"{preset.Description} {(preset.Claim is null ? "" : $"Its source says: {preset.Claim}.")}",
        $"""
        {EvaluationHtml.Verdict(predictions, $"of the test images, after epoch {bestEpoch}{(preset.Validation > 0 ? ", the best on the validation split" : ", the last")}. Test images are shown, and nothing was chosen by them.")}
        <h2>Curves</h2>
        {Curves(lines)}
        {EvaluationHtml.Parts(predictions, classes)}
        <h2>Every number</h2>
        {Numbers(lines)}
        <h2>Settings</h2>
        {(preset.Assumed.Count == 0 ? Markup.Empty : $"<p>Its source leaves open, and is assumed here:</p>{Html.List(preset.Assumed)}")}
        <pre>{preset.ToJson()}</pre>
        """);

    private static Markup Curves(IReadOnlyList<EpochLine> lines)
    {
        var accuracy = Series(lines, line => 100 * line.TrainAccuracy, scores => 100 * scores.Accuracy);
        var loss = Series(lines, line => line.TrainLoss, scores => scores.Loss);
        return $"""
            {TrainingChart.Legend(accuracy.Select(one => one.Name))}
            <p class="quiet">Training: while it trains, of each batch before its step, augmentation and corruption included. Where labels are corrupted on purpose, those of training and validation are, those of the test are not.</p>
            <div class="pair">
            {TrainingChart.Draw("accuracy", "Accuracy", " %", accuracy.Max(one => one.Values.Max()) - 1, accuracy)}
            {TrainingChart.Draw("loss", "Loss", "", 0, loss)}
            {TrainingChart.Draw("norm", "Norm of the gradient, last step", "", 0, [("training", [.. lines.Select(line => line.GradientNorm)])])}
            {TrainingChart.Draw("rate", "Learning rate, last step", "", 0, [("training", [.. lines.Select(line => line.LearningRate)])])}
            </div>
            """;
    }

    private static List<(string Name, double[] Values)> Series(
        IReadOnlyList<EpochLine> lines, Func<EpochLine, double> training, Func<Scores, double> scores)
    {
        var series = new List<(string, double[])> { ("training", [.. lines.Select(training)]) };
        if (lines.All(line => line.Validation is not null))
            series.Add(("validation", [.. lines.Select(line => scores(line.Validation!))]));
        series.Add(("test", [.. lines.Select(line => scores(line.Test))]));
        return series;
    }

    private static Markup Numbers(IReadOnlyList<EpochLine> lines)
    {
        var validation = lines.All(line => line.Validation is not null);
        string[] head = [
            "epoch", "steps", "train loss", "train accuracy",
            .. validation ? ["validation loss", "validation accuracy"] : Array.Empty<string>(), "test loss", "test accuracy", "seconds"];
        return Html.Table("By epoch", head, lines.Select(line => (string[])[
            $"{line.Epoch}", $"{line.Steps}", Loss(line.TrainLoss), Figures.Percent(line.TrainAccuracy), .. validation
                ? [Loss(line.Validation!.Loss), Figures.Percent(line.Validation.Accuracy)]
                : Array.Empty<string>(),
            Loss(line.Test.Loss), Figures.Percent(line.Test.Accuracy), line.Seconds.ToString("F1", CultureInfo.InvariantCulture)]));

        static string Loss(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
    }
}
