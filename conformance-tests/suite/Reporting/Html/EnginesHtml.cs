using Conformance.Suite.Reporting.Engines;

namespace Conformance.Suite.Reporting.Html;

/// <summary>
/// <c>engines.html</c>: engines side by side, by operation, and the mistakes that they share. It is a single file without a script, and loads nothing
/// from the network.
/// </summary>
public static class EnginesHtml
{
    public const string FileName = "engines.html";

    /// <param name="pageOf">Returns the path of an engine's page for the path of its results; null if there is none.</param>
    public static string Render(EnginesTable table, Func<string, string?> pageOf)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(pageOf);
        var good = table.Rows.Count(row => row.Passed > 0 && row.Cells.Values.All(cell => cell.Fail == 0));
        return Html.Page(
            $"{table.Rows.Count} engines side by side", Resource.Text("report.css") + Resource.Text("check.css") + Resource.Text("engines.css"),
            $"""
            <h1>{table.Rows.Count} engines side by side</h1>
            <p class="quiet">{(table.SuiteHash is { } hash ? $"All were asked the same questions: suite {hash[..Math.Min(12, hash.Length)]}." : "They were not all asked the same questions: the suite has changed between the runs.")} The engine with most passes comes first. Of what passes, "as declared" is right by a convention that the engine declares, and of "in part" it leaves tensors out; what is not offered was not judged.</p>
            <div class="verdict"><p><strong>{good} of {table.Rows.Count} pass every case that was judged</strong></p></div>
            <ul class="legend" aria-label="What the colours mean">
            <li><span class="swatch pass"></span>how many cases pass: all that were judged</li>
            <li><span class="swatch part"></span>the same, and others are not offered</li>
            <li><span class="swatch fail"></span>how many pass, of how many judged</li>
            <li><span class="swatch none"></span>not offered</li>
            </ul>
            <div class="scroll" tabindex="0"><table class="engines">
            <thead><tr><th scope="col">engine</th><th scope="col" class="sum">pass</th><th scope="col" class="op"><span>as declared</span></th><th scope="col" class="op"><span>in part</span></th><th scope="col" class="sum">fail</th><th scope="col" class="op"><span>not offered</span></th>{table.Operations.Select(Markup (op) => $"<th scope=\"col\" class=\"op\"><span>{op}</span></th>")}</tr></thead>
            <tbody>
            {Markup.Lines(table.Rows.Select(row => Row(row, table.Operations, pageOf(row.Path))))}
            </tbody>
            </table></div>
            {Causes(table)}
            {UnseenHtml.Render(table)}
            <footer><p>The same as a table for a spreadsheet: engines.csv; for programs: results.json; both beside this file.</p></footer>
            """);
    }

    private static Markup Row(EnginesTable.Row row, IReadOnlyList<string> operations, string? page)
    {
        var name = page is null ? Markup.Text(row.Name) : $"<a href=\"{Link(page)}\">{row.Name}</a>";
        int[] counts = [row.Passed, row.Dialect, row.InPart, row.Failed, row.Unsupported];
        var cells = operations.Select(op => row.Cells.TryGetValue(op, out var cell) ? Cell(op, cell) : $"<td></td>");
        return $"<tr><th scope=\"row\">{name}</th>{counts.Select(Markup (count) => $"<td class=\"sum\">{count}</td>")}{cells}</tr>";
    }

    private static Markup Cell(string op, EnginesTable.Cell cell)
    {
        var said = $"{op}: {cell.Pass} pass, {cell.Fail} fail, {cell.Unsupported} not offered"
            + $"{(cell.Causes.Count > 0 ? ": " + string.Join("; ", cell.Causes) : "")}";
        var style = cell.Kind == "unsupported" ? "none" : cell.Kind;
        return $"<td class=\"{style}\" title=\"{said}\">{cell.Text}</td>";
    }

    /// <summary>Each cause with its engines, the most frequent first.</summary>
    private static Markup Causes(EnginesTable table)
    {
        var causes = table.Rows
            .SelectMany(row => row.Results.Diagnoses.DistinctBy(cause => (cause.Id, cause.Text)).Select(cause => (cause, row.Name)))
            .GroupBy(pair => pair.cause.Id ?? pair.cause.Text).OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal).ToArray();
        if (causes.Length == 0)
            return Markup.Empty;
        return $"<h2>What is wrong, and with whom</h2>\n<dl class=\"causes\">\n{causes.Select(group => Cause([.. group]))}</dl>";

        static Markup Cause((Results.Diagnosed Cause, string Name)[] found)
        {
            var (id, names) = (found[0].Cause.Id, found.Select(pair => pair.Name).Distinct().ToArray());
            Markup code = id is null ? Markup.Empty : $" <code>{id}</code>";
            return $"<div><dt>{found[0].Cause.Text}{code}</dt><dd><b>{names.Length}</b> {string.Join(", ", names)}</dd></div>\n";
        }
    }

    private static string Link(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
