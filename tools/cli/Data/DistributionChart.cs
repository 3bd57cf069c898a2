using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.Statistics;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Data;

/// <summary>
/// A feature's distribution, a row for each class, as inline SVG: shares of the class by bins of the feature, all rows to the same scale.
/// </summary>
internal static class DistributionChart
{
    private const int Bins = 60;
    private const double Width = 420, Left = 92, Right = 12, Row = 34, Top = 4, Bottom = 22;

    /// <param name="id">Unique in the page.</param>
    public static Markup Draw(string id, string title, FeatureResults results, FeatureSet set, Func<ImageFeatures, double> feature)
    {
        var axis = new ChartAxis(set.Features.Select(feature), Left, Width - Right);
        var classes = results.Classes.Select(one => (Class: one, Values: set.WithLabel(one.Label).Select(feature).ToArray())).ToArray();
        var shares = classes.Select(one => Shares(one.Values, axis)).ToArray();
        double highest = shares.SelectMany(row => row).Max(), floor = Top + Row * classes.Length, height = floor + Bottom;
        return $"""
            <figure>
            <figcaption>{title}</figcaption>
            <svg class="distribution" viewBox="0 0 {Width} {Html.Number(height)}" role="img" aria-labelledby="{id}-title {id}-desc">
            <title id="{id}-title">{title} by class</title>
            <desc id="{id}-desc">{Markup.Text($"Median by class. {string.Join(", ", classes.Where(one => one.Values.Length > 0).Select(one => $"{FeaturesText.Name(one.Class)}: {Figure(Sample.Median(one.Values))}"))}.")}</desc>
            {Markup.Lines(axis.Ticks.Select(tick => Tick(axis, tick, floor)))}
            {Markup.Lines(classes.Select((one, i) => RowOf(one.Class, one.Values, shares[i], axis, Top + Row * (i + 1), Row / highest)))}
            </svg>
            </figure>
            """;
    }

    /// <summary>The share of the values in each bin of the axis.</summary>
    private static double[] Shares(double[] values, ChartAxis axis)
    {
        var shares = new double[Bins];
        foreach (var value in values)
            shares[Math.Clamp((int)(Bins * (value - axis.Low) / (axis.High - axis.Low)), 0, Bins - 1)] += 1.0 / values.Length;
        return shares;
    }

    /// <summary>Steps from bin to bin above a line, and a mark at the median.</summary>
    private static Markup RowOf(ClassFeatures one, double[] values, double[] shares, ChartAxis axis, double floor, double scale)
    {
        Markup name = $"""<text class="tick y" x="{Left - 8}" y="{Html.Number(floor - 7)}">{FeaturesText.Name(one)}</text>""";
        if (values.Length == 0)
            return name;
        double bin = (axis.End - axis.Start) / Bins, median = Sample.Median(values);
        var steps = string.Concat(shares.Select((share, i) => $"V{Html.Number(floor - scale * share)}H{Html.Number(axis.Start + bin * (i + 1))}"));
        return $"""
            {name}<path class="shares" d="M{Html.Number(axis.Start)} {Html.Number(floor)}{steps}V{Html.Number(floor)}Z"><title>{Markup.Text($"{FeaturesText.Name(one)}: {values.Length} images, median {Figure(median)}")}</title></path>
            <path class="median" d="M{Html.Number(axis.Position(median))} {Html.Number(floor)}v-10"/>
            """;
    }

    private static Markup Tick(ChartAxis axis, double tick, double floor)
    {
        var x = Html.Number(axis.Position(tick));
        return $"""<line class="grid" x1="{x}" x2="{x}" y1="{Top}" y2="{Html.Number(floor)}"/><text class="tick x" x="{x}" y="{Html.Number(floor + 15)}">{axis.Label(tick)}</text>""";
    }

    private static string Figure(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
