using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Engine.Data;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Predict;

/// <summary>
/// How good a network is: the confusion matrix, the classes, the calibration, and the worst mistakes as pictures. <c>report.html</c> of
/// <c>evaluate</c>, and
/// parts of the page of <c>train</c>. One file, inline pictures, no script, nothing from the network. It is well-formed XML.
/// </summary>
internal static class EvaluationHtml
{
    private const int MostMistakes = 40;

    /// <param name="what">The weights and the images, for the heading.</param>
    /// <param name="classes">What the labels 0 … 9 stand for.</param>
    public static string Render(string what, Predictions predictions, IReadOnlyList<string> classes) =>
        Page(what, "", $"{Verdict(predictions, "of the images.")}\n{Parts(predictions, classes)}");

    /// <summary>A page that has <see cref="Parts"/> in it.</summary>
    public static string Page(string title, string lead, Markup body) => Html.Page(
        title, Resource.Text("report.css") + Resource.Text("training.css", typeof(EvaluationHtml)),
        $"""
        <h1>{title}</h1>
        <p class="quiet">{lead.Trim()}</p>
        {body}
        <footer><p>The same figures for programs: results.json, beside this file.</p></footer>
        """, pictures: true);

    public static Markup Verdict(Predictions predictions, string of) =>
        $"<div class=\"verdict\"><p><strong>{EvaluationText.Accuracy(predictions)}</strong></p><p>{of}</p></div>";

    /// <param name="classes">What the labels 0 … 9 stand for.</param>
    public static Markup Parts(Predictions predictions, IReadOnlyList<string> classes) =>
        $"""
        <h2>Confusion</h2>
        {Confusion(predictions)}
        <h2>Classes</h2>
        {Classes(predictions, classes)}
        <h2>Calibration</h2>
        {Calibration(predictions)}
        <h2>Worst mistakes</h2>
        {Mistakes(predictions, classes)}
        """;

    private static Markup Confusion(Predictions predictions)
    {
        var largest = Math.Max(1, predictions.Confusion.SelectMany((row, label) => row.Where((_, predicted) => predicted != label)).Max());
        var digits = Enumerable.Range(0, ImageSet.Classes).ToArray();
        return $"""
            <div class="scroll"><table class="confusion">
            <caption>Images by what they are (row) and what they were called (column)</caption>
            <thead><tr><th scope="col">is \ called</th>{digits.Select(Markup (digit) => $"<th scope=\"col\">{digit}</th>")}</tr></thead>
            <tbody>
            {Markup.Lines(digits.Select(label => Row(predictions.Confusion[label], label, largest)))}
            </tbody>
            </table></div>
            """;
    }

    /// <summary>Right ones plain; wrong ones the darker the more of them.</summary>
    private static Markup Row(int[] row, int label, int largest) =>
        $"<tr><th scope=\"row\">{label}</th>{row.Select((images, called) => Cell(images, label == called, largest))}</tr>";

    private static Markup Cell(int images, bool right, int largest) => (images, right) switch
    {
        (0, _) => $"<td class=\"none\">0</td>",
        (_, true) => $"<td class=\"right\">{images}</td>",
        _ => $"<td class=\"wrong\" style=\"--share:{100.0 * images / largest:F0}%\">{images}</td>",
    };

    private static Markup Classes(Predictions predictions, IReadOnlyList<string> classes) => Html.Table(
        "Precision: of the images called so, the share that is. Recall: of the images that are, the share called so. F1: their harmonic mean.",
        ["class", "precision", "recall", "F1", "images"],
        predictions.Classes.Select((scores, label) => new[]
        {
            Figures.ClassName(label, classes[label]), Share(scores.Precision), Share(scores.Recall), Share(scores.F1), $"{scores.Support}",
        }));

    private static Markup Calibration(Predictions predictions) =>
        $"""
        <p>Expected calibration error {Figures.Percent(predictions.CalibrationError)}; negative log likelihood {Share(predictions.NegativeLogLikelihood)}.</p>
        {CalibrationTable(predictions)}
        """;

    private static Markup CalibrationTable(Predictions predictions) => Html.Table(
        "Images by the probability that the network gave its own answer; well calibrated, accuracy is that probability",
        ["probability", "mean", "accuracy", "images"],
        predictions.Calibration.Select(bin => new[] { Range(bin), Figures.Percent(bin.Confidence), Figures.Percent(bin.Accuracy), $"{bin.Images}" }));

    private static string Range(CalibrationBin bin) => string.Create(
        CultureInfo.InvariantCulture, $"{100.0 * bin.Number / Predictions.Bins:F0} to {100.0 * (bin.Number + 1) / Predictions.Bins:F0} %");

    private static Markup Mistakes(Predictions predictions, IReadOnlyList<string> classes)
    {
        var mistakes = predictions.WorstMistakes.ToList();
        if (mistakes.Count == 0)
            return $"<p>None.</p>";
        return $"""
            <p>{(mistakes.Count > MostMistakes ? $"The {MostMistakes} of {mistakes.Count}" : $"All {mistakes.Count}")} whose label the network found least likely. Number: the image's place in the set, from 0.</p>
            <div class="mistakes">
            {Markup.Lines(mistakes.Take(MostMistakes).Select(mistake => Mistake(predictions.Data, mistake, classes)))}
            </div>
            """;
    }

    private static Markup Mistake(ImageSet data, Prediction mistake, IReadOnlyList<string> classes)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{classes[mistake.Label]}, called {classes[mistake.Class]} ({100 * mistake.Confidence:F0} %)");
        var picture = Picture.Draw(data.Image(mistake.Index), data.Height, data.Width, $"image {mistake.Index}: {text}");
        return $"<figure>{picture}<figcaption>{text}<br/><span class=\"quiet\">{mistake.Index}</span></figcaption></figure>";
    }

    private static string Share(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
