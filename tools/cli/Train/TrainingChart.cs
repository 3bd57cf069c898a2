using Conformance.Cli.Shared;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Train;

/// <summary>One figure of a training by epoch, a curve for each set of images; they differ in colour and in the shape of their markers.</summary>
internal static class TrainingChart
{
    /// <param name="id">Unique in the page.</param>
    /// <param name="unit">What stands behind a value: <c> %</c>, or nothing.</param>
    /// <param name="floor">A value that the axis reaches down to.</param>
    /// <param name="series">Name (<c>training</c>, <c>validation</c>, <c>test</c>: classes of the style sheet) and value of each epoch.</param>
    public static Markup Draw(string id, string title, string unit, double floor, IReadOnlyList<(string Name, double[] Values)> series)
    {
        var axis = EpochPlane.Vertical([.. series.SelectMany(one => one.Values), floor]);
        var words = string.Join(
            "; ", series.Select(one => $"{one.Name}: {string.Join(", ", one.Values.Select(value => EpochPlane.FigureText(value, unit)))}"));
        return $"""
            <figure>
            <figcaption>{title}</figcaption>
            <svg viewBox="0 0 {EpochPlane.Width} {EpochPlane.Height}" role="img" aria-labelledby="{id}-title {id}-desc">
            <title id="{id}-title">{title} by epoch</title>
            <desc id="{id}-desc">{words}</desc>
            {EpochPlane.Grid(axis, unit, series[0].Values.Length)}
            {Markup.Lines(series.Select(one => Curve(one.Name, one.Values, axis, unit)))}
            </svg>
            </figure>
            """;
    }

    public static Markup Legend(IEnumerable<string> names) =>
        $"<ul class=\"legend\">\n{names.Select(LegendItem)}</ul>";

    private static Markup LegendItem(string name) =>
        $"<li class=\"{name}\"><svg viewBox=\"0 0 44 16\" aria-hidden=\"true\">"
            + $"<polyline class=\"mean\" points=\"2,8 42,8\"/>{Marker(name, 22, 8)}</svg>{name}</li>\n";

    private static Markup Curve(string name, double[] values, ChartAxis axis, string unit)
    {
        var markers = EpochPlane.Marked(values.Length).Where(epoch => double.IsFinite(values[epoch]))
            .Select(epoch => Marker(
                name, EpochPlane.X(epoch, values.Length), axis.Position(values[epoch]),
                $"<title>{name}, epoch {epoch + 1}: {EpochPlane.FigureText(values[epoch], unit)}</title>"));
        return $"<g class=\"{name}\">\n{EpochPlane.Line("mean", values, axis)}\n{Markup.Lines(markers)}\n</g>";
    }

    private static Markup Marker(string name, double x, double y, Markup? title = null) => name switch
    {
        "training" => $"<circle cx=\"{Html.Number(x)}\" cy=\"{Html.Number(y)}\" r=\"3.5\">{title}</circle>",
        "validation" => $"<rect x=\"{Html.Number(x - 3.5)}\" y=\"{Html.Number(y - 3.5)}\" width=\"7\" height=\"7\">{title}</rect>",
        _ => $"<path d=\"M{Html.Number(x)} {Html.Number(y - 4.5)}l4.5 8h-9z\">{title}</path>",
    };
}
