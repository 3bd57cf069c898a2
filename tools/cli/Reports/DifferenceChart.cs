using Conformance.Cli.Comparing;
using Conformance.Cli.Statistics;
using Conformance.Suite.Reporting;

namespace Conformance.Cli.Reports;

/// <summary>The difference of each seed as a dot, their mean and its 95 % interval, against the line of no difference.</summary>
internal static class DifferenceChart
{
    private const double Width = 420, Height = 130, Side = 20, Dots = 34, Mean = 68, Floor = 90;

    public static string Of(CompareResults results)
    {
        var agreement = results.Agreement;
        var seeds = results.Scratch.TestAccuracy.Zip(results.Baseline.TestAccuracy, Sample.Difference).ToArray();
        double[] all = [-0.001, 0.001, agreement.MeanDifference, .. seeds, .. agreement.Confidence95 ?? []];
        var axis = new Axis(all.Select(share => 100 * share), Side, Width - Side, ticks: 4);
        string X(double share) => Html.Number(axis.Position(100 * share));

        var interval = agreement.Confidence95 is [var low, var high]
            ? $"<path class=\"interval\" d=\"M{X(low)} {Mean}H{X(high)}M{X(low)} {Mean - 6}v12M{X(high)} {Mean - 6}v12\"/>\n"
            : "";
        return $"""
            <figure>
            <figcaption>{(interval == "" ? "Difference by seed, and the mean" : "Difference by seed, and the mean with its 95 % interval")}</figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="difference-title difference-desc">
            <title id="difference-title">Test accuracy of scratch minus torch, in percentage points</title>
            <desc id="difference-desc">{Html.Text($"Mean {AgreementText.Difference(agreement)}. By seed: {string.Join(", ", seeds.Select(AgreementText.Points))}.")}</desc>
            {string.Join('\n', axis.Ticks.Select(tick => Tick(axis, tick)))}
            <line class="zero" x1="{X(0)}" x2="{X(0)}" y1="10" y2="{Floor}"/>
            {string.Join('\n', seeds.Select((share, i) =>
                $"<circle class=\"dot\" cx=\"{X(share)}\" cy=\"{Dots}\" r=\"5\"><title>seed {i + 1}: {AgreementText.Points(share)} points</title></circle>"))}
            {interval}<circle class="mean" cx="{X(agreement.MeanDifference)}" cy="{Mean}" r="5"><title>mean: {AgreementText.Points(agreement.MeanDifference)} points</title></circle>
            <text class="tick x" x="{Width / 2}" y="{Height - 4}">scratch − torch, percentage points</text>
            </svg>
            </figure>
            """;
    }

    private static string Tick(Axis axis, double tick)
    {
        var x = Html.Number(axis.Position(tick));
        return $"""<line class="grid" x1="{x}" x2="{x}" y1="10" y2="{Floor}"/><text class="tick x" x="{x}" y="{Floor + 15}">{axis.Label(tick)}</text>""";
    }
}
