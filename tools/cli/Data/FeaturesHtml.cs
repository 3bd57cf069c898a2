using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Data;

/// <summary>
/// <c>features.html</c>: intensity and symmetry by class, on one page that needs nothing else: inline SVG, no script. It is well-formed XML.
/// </summary>
internal static class FeaturesHtml
{
    /// <summary>Test images of each class in the scatter: enough to see the cloud, few enough for a page that opens at once.</summary>
    public const int Dots = 250;

    /// <param name="title">Of the data.</param>
    public static string Render(string title, FeatureResults results, FeatureSet train, FeatureSet test) => Html.Page(
        $"Intensity and symmetry: {title}", Resource.Text("report.css") + Resource.Text("data.css", typeof(FeaturesHtml)),
        $"""
        <h1>Intensity and symmetry of {title}</h1>
        <p class="quiet">Intensity is the mean pixel, of 0 to 1. Symmetry is 1 less the mean difference of a pixel from its mirror image, over the left-right and the top-bottom mirror alike.</p>
        <div class="verdict"><p><strong>A linear softmax on these two alone: {FeaturesText.Accuracy(results)}.</strong></p>
        <p>Always the class that is most frequent in training: {Figures.Percent(results.MostFrequentAccuracy)}.</p></div>
        <h2>Distribution by class</h2>
        <p class="quiet">{train.Count.ToString("N0", CultureInfo.InvariantCulture)} training images; the mark is the median.</p>
        <div class="pair">
        {DistributionChart.Draw("intensity", "Intensity", results, train, one => one.Intensity)}
        {DistributionChart.Draw("symmetry", "Symmetry", results, train, one => one.Symmetry)}
        </div>
        <h2>The two together</h2>
        <p class="quiet">Symmetry upwards, against intensity: the first {Dots} test images of each class. Grey: those of the others.</p>
        {ScatterChart.Draw(results, test, Dots)}
        <h2>Every number</h2>
        {Numbers(results)}
        <footer><p>The features of every image: features.csv, beside this file. The linear softmax: both features standardised by the training images, {results.Steps} steps of SGD over all of them,
        loss {Figure(results.TrainLoss)}, {Figures.Percent(results.TrainAccuracy)} of the training images.</p></footer>
        """);

    private static Markup Numbers(FeatureResults results) => Html.Table(
        "Mean ± deviation over the training images; recall: the share of the class's test images that the linear softmax finds",
        ["", "training", "test", "intensity", "symmetry", "recall"],
        results.Classes.Select(one => new[]
        {
            FeaturesText.Name(one), Count(one.Train), Count(one.Test), Render(one.Intensity), Render(one.Symmetry),
            one.Recall is { } recall ? Figures.Percent(recall) : "–",
        }));

    private static string Render(Spread spread) => spread switch
    {
        { Mean: { } mean, Deviation: { } deviation } => $"{Figure(mean)} ± {Figure(deviation)}",
        { Mean: { } mean } => Figure(mean),
        _ => "–",
    };

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Figure(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
