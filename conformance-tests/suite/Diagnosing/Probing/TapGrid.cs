using System.Text;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>Draws the elements that a sum reads and those that it should read, over the planes of an operand in which they differ.</summary>
internal static class TapGrid
{
    private const int MostPlanes = 2;
    private const int MostRows = 12;
    private const int MostColumns = 24;

    /// <summary>A drawing of each plane, the last with a legend; none if the elements are the same.</summary>
    public static IReadOnlyList<string> Draw(TapOperand operand, IReadOnlySet<int> read, IReadOnlySet<int> expected)
    {
        var shape = operand.Values.Shape.ToArray();
        var (height, width) = shape.Length < 2 ? (1, operand.Values.Length) : (shape[^2], shape[^1]);
        // Planes with elements that are wrongly read and planes with elements that are missed come first, if there are such.
        var (wrong, missed) = (Planes(read.Except(expected)), Planes(expected.Except(read)));
        int[] planes = [.. wrong.Take(1).Concat(missed.Take(1)).Concat(wrong).Concat(missed).Distinct()];
        if (planes.Length == 0)
            return [];
        var drawn = planes.Take(MostPlanes).Order().Select(plane => Plane(operand, plane, height, width, read, expected)).ToList();
        if (planes.Length > MostPlanes)
            drawn.Add($"… and {planes.Length - MostPlanes} more planes");
        return [.. drawn, "o read, rightly   + read, should not be   - not read, should be"];

        int[] Planes(IEnumerable<int> places) => [.. places.Select(at => at / (height * width)).Distinct().Order()];
    }

    private static string Plane(TapOperand operand, int plane, int height, int width, IReadOnlySet<int> read, IReadOnlySet<int> expected)
    {
        var first = plane * height * width;
        var places = read.Union(expected).Where(at => at / (height * width) == plane).Select(at => at - first).ToArray();
        // A large plane is cropped to the part with elements that are read.
        var (top, rows) = Cut(places.Min(at => at / width), height, MostRows);
        var (left, columns) = Cut(places.Min(at => at % width), width, MostColumns);
        var part = (rows, columns) == (height, width)
            ? ""
            : $", rows {top}–{top + rows - 1}, columns {left}–{left + columns - 1} of {height}×{width}";
        var text = new StringBuilder(operand.PlaneAt(first)).Append(part).Append(':');
        for (var row = top; row < top + rows; row++)
        {
            text.Append("\n  ");
            for (var column = left; column < left + columns; column++)
                text.Append(column == left ? "" : " ").Append(Mark(first + row * width + column));
        }
        return text.ToString();

        char Mark(int at) => (read.Contains(at), expected.Contains(at)) switch
        {
            (true, true) => 'o',
            (true, false) => '+',
            (false, true) => '-',
            _ => '.',
        };
    }

    private static (int From, int Count) Cut(int from, int extent, int most) => extent <= most ? (0, extent) : (Math.Min(from, extent - most), most);
}
