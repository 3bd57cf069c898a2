using System.Globalization;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Shared;

/// <summary>The plane that curves by epoch are drawn in, as inline SVG: its size, its grid, and where a value lies.</summary>
internal static class EpochPlane
{
    public const double Width = 420, Height = 250;

    private const double Left = 50, Right = 12, Top = 14, Bottom = 40;

    public static ChartAxis Vertical(IEnumerable<double> values) => new(values, Height - Bottom, Top);

    /// <param name="unit">What stands behind a value: <c> %</c>, or nothing.</param>
    public static Markup Grid(ChartAxis axis, string unit, int epochs)
    {
        var lines = axis.Ticks.Select(tick => (Y: Html.Number(axis.Position(tick)), Label: axis.Label(tick) + unit)).Select(Markup (tick) =>
            $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{tick.Y}" y2="{tick.Y}"/><text class="tick y" x="{Left - 6}" y="{tick.Y}">{tick.Label}</text>""");
        var numbers = Marked(epochs).Select(Markup (epoch) =>
            $"""<text class="tick x" x="{Html.Number(X(epoch, epochs))}" y="{Height - Bottom + 16}">{epoch + 1}</text>""");
        return $"{Markup.Lines(lines.Concat(numbers))}\n<text class=\"tick x\" x=\"{Html.Number((Left + Width - Right) / 2)}\" y=\"{Height - 6}\">epoch</text>";
    }

    /// <summary>The epochs, from 0, with a number and a marker: all, or of many every so-manieth.</summary>
    public static IEnumerable<int> Marked(int epochs) => Enumerable.Range(0, epochs).Where(epoch => epoch % ((epochs + 9) / 10) == 0);

    /// <summary>A line through the finite values; where a training diverged it ends.</summary>
    public static Markup Line(string style, double[] values, ChartAxis axis)
    {
        var points = values.Select((value, epoch) => (value, epoch)).Where(point => double.IsFinite(point.value))
            .Select(point => $"{Html.Number(X(point.epoch, values.Length))},{Html.Number(axis.Position(point.value))}");
        return $"<polyline class=\"{style}\" points=\"{string.Join(' ', points)}\"/>";
    }

    /// <summary>The epochs share the width; a single one stands in the middle.</summary>
    public static double X(int epoch, int epochs)
    {
        var inset = 16.0;
        var (from, to) = (Left + inset, Width - Right - inset);
        return epochs == 1 ? (from + to) / 2 : from + ((to - from) * epoch / (epochs - 1));
    }

    public static string FigureText(double value, string unit) => value.ToString(unit == "" ? "F4" : "F2", CultureInfo.InvariantCulture) + unit;
}
