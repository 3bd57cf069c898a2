using System.Globalization;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Html;

/// <summary>
/// Pictures of one wrong tensor: the expected values, the actual values and the difference, by plane (the last two axes), as inline SVG. Cells of one
/// shade are one path, so that a page of pictures stays small. Small planes show the numbers as text; all planes contain them for the script.
/// </summary>
internal static class HeatMap
{
    private const int MostPlanes = 3;
    private const int MostExtent = 32;
    private const int MostWritten = 8;
    private const int Shades = 5;
    private const int CellSize = 32;

    /// <param name="name">The name of the tensor, for its bounds.</param>
    /// <param name="actual">The actual values, of the same shape.</param>
    public static Markup Draw(string name, Tensor64 expected, Tensor64 actual, ErrorBound bound)
    {
        var (columns, rows) = (expected.Rank == 0 ? 1 : expected.Shape[^1], expected.Rank < 2 ? 1 : expected.Shape[^2]);
        var wrong = Enumerable.Range(0, expected.Length).Where(i => Comparison.IsWrong(expected[i], actual[i], bound.At(name, i))).ToHashSet();
        int[] planes = [.. wrong.Select(at => at / (rows * columns)).Distinct().Order()];
        var scale = Largest(Enumerable.Range(0, expected.Length).Select(i => expected[i]));
        var error = Largest(wrong.Select(i => actual[i] - expected[i]));

        var html = new List<Markup>();
        foreach (var plane in planes.Take(MostPlanes))
        {
            var start = plane * rows * columns;
            var first = wrong.Where(at => at / (rows * columns) == plane).Min() - start;
            var (top, height) = Cut(first / columns, rows);
            var (left, width) = Cut(first % columns, columns);
            int[] cells = [.. Enumerable.Range(0, height * width).Select(i => start + ((top + (i / width)) * columns) + left + (i % width))];
            var title = expected.Rank > 2 ? $"[{string.Join(",", expected.IndexOf(start)[..^2])},·,·]" : "";
            if ((height, width) != (rows, columns))
                title += $" rows {top}–{top + height - 1}, columns {left}–{left + width - 1} of {rows}×{columns}";
            html.Add($"""
                <div class="maps" tabindex="0" data-at="{Origin(expected, start)}" data-top="{top}" data-left="{left}" data-columns="{width}">
                <p class="plane">{title.Trim()}</p>

                """);
            html.Add(Picture("expected", [.. cells.Select(at => expected[at])], width, value => Signed(value, scale)));
            html.Add(Picture("got", [.. cells.Select(at => actual[at])], width, value => Signed(value, scale)));
            double[] differences = [.. cells.Select(at => wrong.Contains(at) ? Difference(expected[at], actual[at]) : 0)];
            html.Add(Picture("difference", differences, width, value => Wrong(value, error)));
            html.Add($"</div>\n");
        }
        if (planes.Length > MostPlanes)
            html.Add($"<p class=\"quiet\">… and {planes.Length - MostPlanes} more planes with wrong elements</p>\n");
        return Markup.Concat(html);
    }

    private static Markup Picture(string what, double[] values, int width, Func<double, string> shade)
    {
        var height = values.Length / width;
        var shades = Enumerable.Range(0, values.Length).GroupBy(i => shade(values[i])).OrderBy(group => group.Key, StringComparer.Ordinal);
        var paths = shades.Select(Markup (group) => $"<path class=\"{group.Key}\" d=\"{string.Concat(group.Select(Cell))}\"/>");
        var numbers = width <= MostWritten && height <= MostWritten ? values.Select(Written) : [];
        return $"""
            <figure><figcaption>{what}</figcaption><svg class="heat" viewBox="0 0 {width * CellSize} {height * CellSize}" style="--columns:{width}"
            """ + $"""
             role="img" aria-label="{what}, {height} by {width}" data-values="{string.Join(' ', values.Select(Number))}">{paths}{numbers}</svg></figure>

            """;

        string Cell(int i) => string.Create(CultureInfo.InvariantCulture,
            $"M{i % width * CellSize} {i / width * CellSize}h{CellSize}v{CellSize}h-{CellSize}z");

        Markup Written(double value, int i)
        {
            var (x, y) = ((i % width * CellSize) + (CellSize / 2), (i / width * CellSize) + (CellSize / 2));
            return $"<text class=\"{(shade(value) is [_, '4' or '5'] or "x" ? "on" : "")}\" x=\"{x}\" y=\"{y}\">{Short(value)}</text>";
        }
    }

    /// <summary>The indices of a plane, which are all but the last two: <c>0,1,</c>; empty for a vector.</summary>
    private static string Origin(Tensor64 tensor, int start) => tensor.Rank < 2
        ? (tensor.Rank == 0 ? "scalar" : "vector")
        : string.Concat(tensor.IndexOf(start)[..^2].Select(at => $"{at},"));

    private static (int From, int Count) Cut(int first, int extent) => extent <= MostExtent
        ? (0, extent)
        : (Math.Clamp(first - (MostExtent / 2), 0, extent - MostExtent), MostExtent);

    private static double Largest(IEnumerable<double> values) => values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    private static double Difference(double expected, double actual) => double.IsFinite(actual - expected) ? actual - expected : double.NaN;

    /// <summary>A cool colour below zero, a warm one above.</summary>
    private static string Signed(double value, double scale) => !double.IsFinite(value) ? "x"
        : value == 0 || scale == 0 ? "z" : (value < 0 ? "n" : "p") + Shade(value, scale);

    private static string Wrong(double value, double scale) => !double.IsFinite(value) ? "x"
        : value == 0 || scale == 0 ? "z" : "e" + Shade(value, scale);

    private static int Shade(double value, double scale) => Math.Clamp((int)Math.Ceiling(Math.Abs(value) / scale * Shades), 1, Shades);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A number that fits in a cell.</summary>
    private static string Short(double value)
    {
        var text = double.IsNaN(value) ? "NaN"
            : double.IsInfinity(value) ? (value < 0 ? "−∞" : "∞")
            : Math.Abs(value) is >= 1000 or (< 0.01 and > 0) ? value.ToString("0e0", CultureInfo.InvariantCulture)
            : value.ToString("0.##", CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }
}
