using System.Globalization;
using System.Text;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.Statistics;

namespace Conformance.Cli.Predict;

/// <summary>How good a network is, in words and in scikit-learn's table (<c>classification_report</c>, with four digits).</summary>
internal static class EvaluationText
{
    private const int Few = 1000;

    public static string Render(Predictions predictions)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"accuracy           {Accuracy(predictions)}\n");
        text.Append(CultureInfo.InvariantCulture, $"NLL                {predictions.NegativeLogLikelihood:F4}\n");
        text.Append(CultureInfo.InvariantCulture, $"calibration error  {Figures.Percent(predictions.CalibrationError)}\n\n");
        text.Append(ClassTable(predictions));
        if (predictions.Each.Count < Few)
            text.Append('\n').Append(WhatFewImagesSay(predictions));
        return text.ToString();
    }

    /// <summary>Such as <c>99.12 % (9,912 of 10,000), 95 % interval 98.92 to 99.28</c>.</summary>
    public static string Accuracy(Predictions predictions)
    {
        var (low, high) = Wilson.Confidence95(predictions.Correct, predictions.Each.Count);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Figures.Percent(predictions.Accuracy)} ({predictions.Correct:N0} of {predictions.Each.Count:N0}), "
            + $"95 % interval {100 * low:F2} to {100 * high:F2}");
    }

    /// <summary>As <c>classification_report(y_true, y_pred, digits=4)</c> prints it.</summary>
    public static string ClassTable(Predictions predictions)
    {
        var classes = predictions.Classes;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"",12}  {"precision",9} {"recall",9} {"f1-score",9} {"support",9}\n\n");
        foreach (var (label, scores) in classes.Index())
            Row($"{label}", scores.Precision, scores.Recall, scores.F1, scores.Support);
        var all = classes.Sum(scores => scores.Support);
        text.Append(CultureInfo.InvariantCulture, $"\n{"accuracy",12}  {"",9} {"",9} {predictions.Accuracy,9:F4} {all,9}\n");
        Row("macro avg", classes.Average(one => one.Precision), classes.Average(one => one.Recall), classes.Average(one => one.F1), all);
        Row("weighted avg", Weighted(one => one.Precision), Weighted(one => one.Recall), Weighted(one => one.F1), all);
        return text.ToString();

        double Weighted(Func<ClassScores, double> score) => classes.Sum(scores => score(scores) * scores.Support) / all;

        void Row(string name, double precision, double recall, double f1, int support) =>
            text.Append(CultureInfo.InvariantCulture, $"{name,12}  {precision,9:F4} {recall,9:F4} {f1,9:F4} {support,9}\n");
    }

    private static string WhatFewImagesSay(Predictions predictions)
    {
        var count = predictions.Each.Count;
        var (low, high) = Wilson.Confidence95(predictions.Correct, count);
        var least = predictions.Classes.Min(scores => scores.Support);
        var share = Math.Min(predictions.Accuracy, 0.99); // at 100 % the sample says nothing of its own spread
        return string.Create(CultureInfo.InvariantCulture, $"""
            What {count:N0} images can say: a network that is really anywhere from {100 * low:F1} % to {100 * high:F1} % right may well give this result. One image more or less is {100.0 / count:F2} points.
            What they can't: tell it from another network within that range, or say much of a single class (the rarest has {least} of them). To know a share of {100 * share:F1} % to
            ± 0.25 points takes {Wilson.CountFor(share, 0.0025):N0} images.

            """).ReplaceLineEndings("\n");
    }
}
