using Conformance.Cli.Comparing;
using Conformance.Suite.Reporting;

namespace Conformance.Cli.Reports;

/// <summary>
/// One figure by epoch for both sides, as inline SVG: a thin line for each seed, a thick one for their mean. The baseline's mean is a
/// broad band that ours lies on, so that two equal curves are seen as equal and not as one.
/// </summary>
internal static class CurveChart
{
    private const double Width = 420, Height = 250, Left = 50, Right = 12, Top = 14, Bottom = 40;

    /// <param name="id">Unique in the page.</param>
    /// <param name="unit">What stands behind a value: <c> %</c>, or nothing.</param>
    /// <param name="figure">The figure of an epoch, in that unit.</param>
    /// <param name="floor">Given the highest value: one that the axis reaches down to, so that small differences look small.</param>
    public static string Of(
        string id, string title, string unit, CompareResults results, Func<EpochResults, double> figure, Func<double, double> floor)
    {
        var scratch = Values(results.Scratch, figure);
        var baseline = Values(results.Baseline, figure);
        var values = scratch.Concat(baseline).SelectMany(seed => seed).ToArray();
        var highest = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var axis = new Axis([.. values, floor(highest)], Height - Bottom, Top);
        return $"""
            <figure>
            <figcaption>{Html.Text(title)}</figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="{id}-title {id}-desc">
            <title id="{id}-title">{Html.Text(title)} by epoch</title>
            <desc id="{id}-desc">{Html.Text($"Mean over the seeds, by epoch. Scratch: {InWords(scratch, unit)}. Torch: {InWords(baseline, unit)}.")}</desc>
            {Grid(axis, unit, results.Config.Epochs)}
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
        string.Join(", ", Mean(seeds).Select(value => FigureText(value, unit)));

    private static string FigureText(double value, string unit) =>
        value.ToString(unit == "" ? "F4" : "F2", System.Globalization.CultureInfo.InvariantCulture) + unit;

    private static string Grid(Axis axis, string unit, int epochs)
    {
        var lines = axis.Ticks.Select(tick => (Y: Html.Number(axis.Position(tick)), Label: axis.Label(tick) + unit)).Select(tick =>
            $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{tick.Y}" y2="{tick.Y}"/><text class="tick y" x="{Left - 6}" y="{tick.Y}">{tick.Label}</text>""");
        var numbers = Marked(epochs).Select(epoch =>
            $"""<text class="tick x" x="{Html.Number(X(epoch, epochs))}" y="{Height - Bottom + 16}">{epoch + 1}</text>""");
        return string.Join('\n', lines.Concat(numbers))
            + $"\n<text class=\"tick x\" x=\"{Html.Number((Left + Width - Right) / 2)}\" y=\"{Height - 6}\">epoch</text>";
    }

    private static string Side(string name, double[][] seeds, Axis axis, string unit)
    {
        var mean = Mean(seeds);
        var parts = new List<string>();
        if (seeds.Length > 1)
            parts.AddRange(seeds.Select(seed => Line("seed", seed, axis)));
        parts.Add(Line("mean", mean, axis));
        parts.AddRange(Marked(mean.Length).Where(epoch => double.IsFinite(mean[epoch])).Select(epoch => Marker(name, epoch, mean, axis, unit)));
        return $"<g class=\"{name}\">\n{string.Join('\n', parts)}\n</g>";
    }

    /// <summary>The epochs with a number and a marker: all, or of many every so-manieth.</summary>
    private static IEnumerable<int> Marked(int epochs) => Enumerable.Range(0, epochs).Where(epoch => epoch % ((epochs + 9) / 10) == 0);

    /// <summary>A line through the finite values; where a training diverged it ends.</summary>
    private static string Line(string style, double[] values, Axis axis)
    {
        var points = values.Select((value, epoch) => (value, epoch)).Where(point => double.IsFinite(point.value))
            .Select(point => $"{Html.Number(X(point.epoch, values.Length))},{Html.Number(axis.Position(point.value))}");
        return $"<polyline class=\"{style}\" points=\"{string.Join(' ', points)}\"/>";
    }

    /// <summary>A square for torch, a smaller circle on it for scratch: told apart without colour. Its title shows when pointed at.</summary>
    private static string Marker(string name, int epoch, double[] mean, Axis axis, string unit)
    {
        var (x, y) = (X(epoch, mean.Length), axis.Position(mean[epoch]));
        var title = $"<title>{name}, epoch {epoch + 1}: {FigureText(mean[epoch], unit)}</title>";
        return name == "torch"
            ? $"<rect x=\"{Html.Number(x - 5.5)}\" y=\"{Html.Number(y - 5.5)}\" width=\"11\" height=\"11\">{title}</rect>"
            : $"<circle cx=\"{Html.Number(x)}\" cy=\"{Html.Number(y)}\" r=\"3.5\">{title}</circle>";
    }

    /// <summary>The epochs share the width; a single one stands in the middle.</summary>
    private static double X(int epoch, int epochs)
    {
        var inset = 16.0;
        var (from, to) = (Left + inset, Width - Right - inset);
        return epochs == 1 ? (from + to) / 2 : from + ((to - from) * epoch / (epochs - 1));
    }
}
