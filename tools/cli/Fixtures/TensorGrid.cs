using System.Globalization;
using System.Text;
using Conformance.Oracle;

namespace Conformance.Cli.Fixtures;

/// <summary>A tensor for people: its last two axes as a grid with row and column headings, one grid for each index of the axes before.</summary>
internal static class TensorGrid
{
    private const int MostColumns = 20;
    private const int MostRows = 40;
    private const int MostGrids = 12;

    /// <param name="whole">Show everything; otherwise large tensors are cut, and the text says so.</param>
    public static string Render(string name, Tensor64 tensor, bool whole)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{name} {tensor}");
        if (tensor.Length == 0)
            return text.Append(": no elements\n").ToString();
        if (tensor.Rank == 0)
            return text.Append(CultureInfo.InvariantCulture, $" = {Number(tensor[0])}\n").ToString();
        text.Append('\n');
        var (columns, rows) = (tensor.Shape[^1], tensor.Rank == 1 ? 1 : tensor.Shape[^2]);
        var grids = tensor.Length / (rows * columns);
        var shown = whole ? grids : Math.Min(grids, MostGrids);
        for (var grid = 0; grid < shown; grid++)
        {
            if (tensor.Rank > 2)
                text.Append(CultureInfo.InvariantCulture, $"  [{string.Join(",", tensor.IndexOf(grid * rows * columns)[..^2])},·,·]\n");
            Append(
                text, tensor, grid * rows * columns, whole ? rows : Math.Min(rows, MostRows), rows,
                whole ? columns : Math.Min(columns, MostColumns), columns);
        }
        if (shown < grids)
            text.Append(CultureInfo.InvariantCulture, $"  … and {grids - shown} more of {rows}×{columns} (--all shows them)\n");
        return text.ToString();
    }

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, Tensor64 tensor, int start, int rows, int allRows, int columns, int allColumns)
    {
        var cells = Enumerable.Range(0, rows)
            .Select(row => Enumerable.Range(0, columns).Select(column => Number(tensor[start + row * allColumns + column])).ToArray())
            .ToArray();
        var width = Math.Max(cells.Max(row => row.Max(cell => cell.Length)), $"{columns - 1}".Length) + 1;
        text.Append("       ")
            .Append(string.Concat(Enumerable.Range(0, columns).Select(column => $"{column}".PadLeft(width))))
            .Append(columns < allColumns ? " …\n" : "\n");
        foreach (var (row, line) in cells.Index())
            text.Append(tensor.Rank == 1 ? "       " : $"  {row,4} ")
                .Append(string.Concat(line.Select(cell => cell.PadLeft(width))))
                .Append(columns < allColumns ? " …\n" : "\n");
        if (rows < allRows)
            text.Append(CultureInfo.InvariantCulture, $"       … and {allRows - rows} more rows (--all shows them)\n");
    }
}
