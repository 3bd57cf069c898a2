using System.Globalization;
using System.Net;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Html;

/// <summary>The little that every page part needs: escaped text, and numbers as SVG wants them.</summary>
internal static class Html
{
    /// <summary>Text that is safe inside an element or a quoted attribute, whoever wrote it.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(Visible.Escape(text));

    /// <summary>A coordinate, to a tenth of a unit.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A page in one file, which needs nothing from anywhere and lets nothing in but its own style, script and pictures. Well-formed XML, where its parts are.</summary>
    /// <param name="title">Escaped here.</param>
    /// <param name="main">All that it shows.</param>
    /// <param name="script">Its own; where it is empty none runs.</param>
    /// <param name="pictures">Whether there are pictures inside.</param>
    public static string Page(string title, string style, string main, string script = "", bool pictures = false) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'{(script.Length > 0 ? "; script-src 'unsafe-inline'" : "")}{(pictures ? "; img-src data:" : "")}"/>
        <title>{Text(title)}</title>
        <style>
        {style}</style>
        </head>
        <body>
        <main>
        {main}
        </main>
        {(script.Length > 0 ? $"<script>//<![CDATA[\n{script}//]]></script>\n" : "")}</body>
        </html>

        """.ReplaceLineEndings("\n");

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
