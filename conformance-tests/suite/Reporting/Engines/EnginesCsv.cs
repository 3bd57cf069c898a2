using System.Globalization;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Engines;

/// <summary><c>engines.csv</c>: the table of engines for a spreadsheet, in the format of RFC 4180.</summary>
public static class EnginesCsv
{
    public const string FileName = "engines.csv";

    public static string Render(EnginesTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return string.Concat(
            table.Rows.Select(Cells).Prepend(["engine", "pass", "fail", "unsupported", "dialect", "in part", .. table.Operations, "causes"])
            .Select(cells => string.Join(',', cells.Select(Quoted)) + "\r\n"));

        IEnumerable<string> Cells(EnginesTable.Row row) =>
        [
            row.Name,
            .. new[] { row.Passed, row.Failed, row.Unsupported, row.Dialect, row.InPart }
                .Select(count => count.ToString(CultureInfo.InvariantCulture)),
            .. table.Operations.Select(op => row.Cells.TryGetValue(op, out var cell) ? Counts(cell) : ""),
            string.Join("; ", row.Cells.Values.SelectMany(cell => cell.Causes).Distinct()),
        ];
    }

    /// <summary>The counts as words, because a spreadsheet would convert "12/12" to a date.</summary>
    private static string Counts(EnginesTable.Cell cell) => cell.Kind == "unsupported"
        ? "unsupported"
        : $"{cell.Pass} of {cell.Pass + cell.Fail}{(cell.Unsupported > 0 ? $" ({cell.Unsupported} unsupported)" : "")}";

    /// <summary>Quotes a cell. A cell that begins like a formula gets an apostrophe, so that a spreadsheet does not compute it.</summary>
    private static string Quoted(string cell)
    {
        cell = Visible.Line(cell);
        if (cell is ['=' or '+' or '-' or '@', ..])
            cell = "'" + cell;
        return cell.AsSpan().ContainsAny(",\"\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
