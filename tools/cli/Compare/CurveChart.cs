using Conformance.Cli.Shared;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Compare;

/// <summary>
/// One figure by epoch for both sides, as inline SVG: a thin line for each seed, a thick one for their mean. The baseline's mean is a
/// broad band that ours lies on, so that two equal curves are seen as equal and not as one.
/// </summary>
internal static class CurveChart
{
    /// <param name="id">Unique in the page.</param>
    /// <param name="unit">What stands behind a value: <c> %</c>, or nothing.</param>
    /// <param name="figure">The figure of an epoch, in that unit.</param>
    /// <param name="floor">Given the highest value: one that the axis reaches down to, so that small differences look small.</param>
    public static Markup Draw(
        string id, string title, string unit, CompareResults results, Func<EpochResults, double> figure, Func<double, double> floor)
    {
        var scratch = Values(results.Scratch, figure);
        var baseline = Values(results.Baseline, figure);
        var values = scratch.Concat(baseline).SelectMany(seed => seed).ToArray();
        var highest = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var axis = EpochPlane.Vertical([.. values, floor(highest)]);
        return $"""
            <figure>
            <figcaption>{title}</figcaption>
            <svg viewBox="0 0 {EpochPlane.Width} {EpochPlane.Height}" role="img" aria-labelledby="{id}-title {id}-desc">
            <title id="{id}-title">{title} by epoch</title>
            <desc id="{id}-desc">{Markup.Text($"Mean over the seeds, by epoch. Scratch: {InWords(scratch, unit)}. Torch: {InWords(baseline, unit)}.")}</desc>
            {EpochPlane.Grid(axis, unit, results.Config.Epochs)}
            {Side("torch", baseline, axis, unit)}
            {Side("scratch", scratch, axis, unit)}
            </svg>
            </figure>
            """;
    }

    private static double[][] Values(SideResults side, Func<EpochResults, double> figure) =>
        [.. side.Epochs.Select(seed => seed.Select(figure).ToArray())];

    private static double[] Mean(double[][] seeds) =>
        [.. Enumerable.Range(0, seeds[0].Length).Select(epoch => seeds.Average(seed => seed[epoch]))];

    private static string InWords(double[][] seeds, string unit) =>
        string.Join(", ", Mean(seeds).Select(value => EpochPlane.FigureText(value, unit)));

    private static Markup Side(string name, double[][] seeds, ChartAxis axis, string unit)
    {
        var mean = Mean(seeds);
        var parts = new List<Markup>();
        if (seeds.Length > 1)
            parts.AddRange(seeds.Select(seed => EpochPlane.Line("seed", seed, axis)));
        parts.Add(EpochPlane.Line("mean", mean, axis));
        parts.AddRange(
            EpochPlane.Marked(mean.Length).Where(epoch => double.IsFinite(mean[epoch])).Select(epoch => Marker(name, epoch, mean, axis, unit)));
        return $"<g class=\"{name}\">\n{Markup.Lines(parts)}\n</g>";
    }

    /// <summary>A square for torch, a smaller circle on it for scratch: told apart without colour. Its title shows when pointed at.</summary>
    private static Markup Marker(string name, int epoch, double[] mean, ChartAxis axis, string unit)
    {
        var (x, y) = (EpochPlane.X(epoch, mean.Length), axis.Position(mean[epoch]));
        Markup title = $"<title>{name}, epoch {epoch + 1}: {EpochPlane.FigureText(mean[epoch], unit)}</title>";
        return name == "torch"
            ? $"<rect x=\"{Html.Number(x - 5.5)}\" y=\"{Html.Number(y - 5.5)}\" width=\"11\" height=\"11\">{title}</rect>"
            : (Markup)$"<circle cx=\"{Html.Number(x)}\" cy=\"{Html.Number(y)}\" r=\"3.5\">{title}</circle>";
    }
}
