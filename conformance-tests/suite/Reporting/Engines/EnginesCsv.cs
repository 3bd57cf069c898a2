using System.Globalization;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Engines;

/// <summary><c>engines.csv</c>: the table of engines for a spreadsheet, as RFC 4180 has it.</summary>
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
            .. new[] { row.Passed, row.Failed, row.Unsupported, row.Dialect, row.InPart }.Select(count => count.ToString(CultureInfo.InvariantCulture)),
            .. table.Operations.Select(op => row.Cells.TryGetValue(op, out var cell) ? Counts(cell) : ""),
            string.Join("; ", row.Cells.Values.SelectMany(cell => cell.Causes).Distinct()),
        ];
    }

    /// <summary>In words: "12/12" would become a date in a spreadsheet.</summary>
    private static string Counts(EnginesTable.Cell cell) => cell.Kind == "unsupported"
        ? "unsupported"
        : $"{cell.Pass} of {cell.Pass + cell.Fail}{(cell.Unsupported > 0 ? $" ({cell.Unsupported} unsupported)" : "")}";

    /// <summary>A cell that begins like a formula would be computed; a quote before it keeps it text.</summary>
    private static string Quoted(string cell)
    {
        cell = Visible.Line(cell);
        if (cell is ['=' or '+' or '-' or '@', ..])
            cell = "'" + cell;
        return cell.AsSpan().ContainsAny(",\"\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
