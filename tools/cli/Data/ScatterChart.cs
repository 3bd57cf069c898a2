using Conformance.Cli.Shared;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Data;

/// <summary>
/// Intensity against symmetry, a small picture for each class with its dots on those of all classes, as inline SVG. Colour says nothing that the
/// place does not say too.
/// </summary>
internal static class ScatterChart
{
    private const double Width = 220, Height = 190, Left = 40, Right = 8, Top = 8, Bottom = 34;

    /// <param name="most">Dots of each class: its first images.</param>
    public static Markup Draw(FeatureResults results, FeatureSet set, int most)
    {
        var classes = results.Classes.Select(one => (Class: one, Dots: set.WithLabel(one.Label).Take(most).ToArray())).ToArray();
        var all = classes.SelectMany(one => one.Dots).ToArray();
        var across = new ChartAxis(all.Select(one => one.Intensity), Left, Width - Right, ticks: 3);
        var up = new ChartAxis(all.Select(one => one.Symmetry), Height - Bottom, Top, ticks: 3);
        return $"""
            <svg class="symbols" width="0" height="0" aria-hidden="true"><symbol id="everything" overflow="visible">{Grid(across, up)}<path class="others" d="{Dots(all, across, up)}"/></symbol></svg>
            <div class="panels">
            {Markup.Lines(classes.Select(one => Panel(one.Class, one.Dots, across, up)))}
            </div>
            """;
    }

    private static Markup Panel(ClassFeatures one, ImageFeatures[] dots, ChartAxis across, ChartAxis up) =>
        $"""
        <figure>
        <figcaption>{FeaturesText.Name(one)}</figcaption>
        <svg class="scatter" viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="scatter-{one.Label}">
        <title id="scatter-{one.Label}">{Markup.Text($"Symmetry against intensity of {dots.Length} images of {FeaturesText.Name(one)}")}</title>
        <use href="#everything"/>
        <path class="own" d="{Dots(dots, across, up)}"/>
        </svg>
        </figure>
        """;

    /// <summary>A dot is a line of no length with round ends: a few bytes each.</summary>
    private static string Dots(IEnumerable<ImageFeatures> dots, ChartAxis across, ChartAxis up) =>
        string.Concat(dots.Select(one => $"M{Html.Number(across.Position(one.Intensity))} {Html.Number(up.Position(one.Symmetry))}h0"));

    private static Markup Grid(ChartAxis across, ChartAxis up)
    {
        var columns = across.Ticks.Select(tick => (X: Html.Number(across.Position(tick)), Label: across.Label(tick))).Select(Markup (tick) =>
            $"""<line class="grid" x1="{tick.X}" x2="{tick.X}" y1="{Top}" y2="{Height - Bottom}"/><text class="tick x" x="{tick.X}" y="{Height - Bottom + 14}">{tick.Label}</text>""");
        var rows = up.Ticks.Select(tick => (Y: Html.Number(up.Position(tick)), Label: up.Label(tick))).Select(Markup (tick) =>
            $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{tick.Y}" y2="{tick.Y}"/><text class="tick y" x="{Left - 5}" y="{tick.Y}">{tick.Label}</text>""");
        return $"""{columns.Concat(rows)}<text class="tick x" x="{Html.Number((Left + Width - Right) / 2)}" y="{Height - 4}">intensity</text>""";
    }
}
