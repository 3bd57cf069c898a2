using Conformance.Cli.Shared;
using Conformance.Cli.Shared.Statistics;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Compare;

/// <summary>
/// The difference of each seed as a dot, their mean and its 95 % interval, against the line of no difference and the margin within which two sides
/// count as equal; below, the nudged
/// baseline's differences, which chaos alone makes.
/// </summary>
internal static class DifferenceChart
{
    private const double Width = 420, Height = 150, Side = 20, Dots = 28, Mean = 54, Nudged = 84, Floor = 110;

    public static Markup Draw(CompareResults results)
    {
        var agreement = results.Agreement;
        var (seeds, nudged) = (Differences(results.Scratch), Differences(results.Nudged));
        double[] all = [-agreement.Margin, agreement.Margin, agreement.MeanDifference, .. seeds, .. nudged, .. agreement.Confidence95 ?? []];
        var axis = new ChartAxis(all.Select(share => 100 * share), Side, Width - Side, ticks: 4);
        string X(double share) => Html.Number(axis.Position(100 * share));

        Markup interval = agreement.Confidence95 is [var low, var high]
            ? $"<path class=\"interval\" d=\"M{X(low)} {Mean}H{X(high)}M{X(low)} {Mean - 6}v12M{X(high)} {Mean - 6}v12\"/>\n"
            : Markup.Empty;
        return $"""
            <figure>
            <figcaption>{(interval.IsEmpty ? "Difference by seed, and the mean" : "Difference by seed, and the mean with its 95 % interval")}; below, what one nudged bit makes of torch</figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="difference-title difference-desc">
            <title id="difference-title">Test accuracy of scratch minus torch, and of nudged torch minus torch, in percentage points</title>
            <desc id="difference-desc">{Markup.Text($"Scratch: mean {AgreementText.Difference(agreement)}; by seed {InWords(seeds)}. Nudged torch: by seed {InWords(nudged)}. Equal within {AgreementText.Margin(agreement)} points.")}</desc>
            {Markup.Lines(axis.Ticks.Select(tick => Tick(axis, tick)))}
            <line class="zero" x1="{X(0)}" x2="{X(0)}" y1="10" y2="{Floor}"/>
            {Markup.Lines(new[] { -agreement.Margin, agreement.Margin }.Select(Markup (margin) => $"<line class=\"margin\" x1=\"{X(margin)}\" x2=\"{X(margin)}\" y1=\"10\" y2=\"{Floor}\"/>"))}
            {Row("scratch", seeds, Dots)}
            {Row("nudged", nudged, Nudged)}
            {interval}<circle class="mean" cx="{X(agreement.MeanDifference)}" cy="{Mean}" r="5"><title>mean: {AgreementText.Points(agreement.MeanDifference)} points</title></circle>
            <text class="tick x" x="{Width / 2}" y="{Height - 4}">scratch − torch, nudged − torch, percentage points</text>
            </svg>
            </figure>
            """;

        double[] Differences(SideResults side) => [.. side.TestAccuracy.Zip(results.Baseline.TestAccuracy, Sample.Difference)];
        Markup Row(string name, double[] row, double y) => Markup.Lines(row.Select(Markup (share, i) =>
            $"<circle class=\"dot {name}\" cx=\"{X(share)}\" cy=\"{y}\" r=\"5\">"
                + $"<title>{name}, seed {i + 1}: {AgreementText.Points(share)} points</title></circle>"));
    }

    private static string InWords(double[] row) => string.Join(", ", row.Select(AgreementText.Points));

    private static Markup Tick(ChartAxis axis, double tick)
    {
        var x = Html.Number(axis.Position(tick));
        return $"""<line class="grid" x1="{x}" x2="{x}" y1="10" y2="{Floor}"/>"""
            + $"""<text class="tick x" x="{x}" y="{Floor + 15}">{axis.Label(tick)}</text>""";
    }
}
