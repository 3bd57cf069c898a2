using System.Globalization;
using System.Net;

namespace Conformance.Suite.Reporting;

/// <summary>The little that every page part needs: escaped text, and numbers as SVG wants them.</summary>
internal static class Html
{
    /// <summary>Text that is safe inside an element or a quoted attribute, whoever wrote it.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(Visible.Of(text));

    /// <summary>A coordinate, to a tenth of a unit.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A table with a header row; the first cell of each row heads it. Caption and cells are escaped here.</summary>
    public static string Table(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) =>
        $"""
        <div class="scroll"><table>
        <caption>{Text(caption)}</caption>
        <thead><tr>{string.Concat(head.Select(cell => $"<th scope=\"col\">{Text(cell)}</th>"))}</tr></thead>
        <tbody>
        {string.Join('\n', rows.Select(Row))}
        </tbody>
        </table></div>
        """;

    /// <summary>A list of names and what they stand for, escaped here.</summary>
    public static string Definitions(params IEnumerable<(string Name, string Meaning)> entries) =>
        $"<dl>\n{string.Concat(entries.Select(entry => $"<div><dt>{Text(entry.Name)}</dt><dd>{Text(entry.Meaning)}</dd></div>\n"))}</dl>";

    private static string Row(IReadOnlyList<string> cells) =>
        $"<tr><th scope=\"row\">{Text(cells[0])}</th>{string.Concat(cells.Skip(1).Select(cell => $"<td>{Text(cell)}</td>"))}</tr>";
}
