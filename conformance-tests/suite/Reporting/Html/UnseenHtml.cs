using Conformance.Suite.Reporting.Engines;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Suite.Reporting.Html;

/// <summary>
/// The gaps in the evidence about several engines: the cases and tensors that each does not offer, and the known mistakes that could be undetected
/// for that reason.
/// </summary>
internal static class UnseenHtml
{
    /// <summary>A part for each engine with gaps; empty if there are none.</summary>
    public static Markup Render(EnginesTable table)
    {
        var engines = table.Rows.Select(row => (row.Name, Lines: Lines(row).ToArray())).Where(one => one.Lines.Length > 0).ToArray();
        return engines.Length == 0 ? Markup.Empty : $"""
            <h2>What was not seen</h2>
            <p class="quiet">What an engine does not offer or leaves out is not judged, and mistakes in it do not show.</p>
            <dl class="causes">
            {engines.Select(Markup (one) => $"<div><dt>{one.Name}</dt><dd>{Html.List(one.Lines)}</dd></div>\n")}</dl>
            """;
    }

    private static IEnumerable<string> Lines(EnginesTable.Row row)
    {
        var absent = row.Cells.Where(cell => cell.Value.Unsupported > 0)
            .Select(cell => cell.Value.Unsupported == cell.Value.Cases
                ? $"{cell.Key} (each of {Counted.Text(cell.Value.Cases, "case")})"
                : $"{cell.Key} ({cell.Value.Unsupported} of {cell.Value.Cases} cases)").ToArray();
        if (absent.Length > 0)
            yield return $"not offered: {string.Join(", ", absent)}";
        foreach (var operation in row.Results.Cases.Where(judged => judged.LeftOut is not null).GroupBy(judged => judged.Id.Split('/')[0]))
            yield return $"left out of {Counted.Text(operation.Count(), "case")} of {operation.Key}: "
                + $"{string.Join(", ", operation.SelectMany(judged => judged.LeftOut!.Keys).Distinct())}";
        foreach (var unseen in row.Results.Unseen ?? [])
            yield return unseen.Text;
    }
}
