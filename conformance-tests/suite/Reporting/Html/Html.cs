using System.Globalization;

namespace Conformance.Suite.Reporting.Html;

/// <summary>The common parts of all pages: the frame, tables and lists, and numbers for SVG.</summary>
internal static class Html
{
    /// <summary>A coordinate, to a tenth of a unit.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>
    /// A page as a single file of well-formed XML. It loads nothing, and its policy allows only its own style, script and pictures.
    /// </summary>
    /// <param name="style">The style sheet.</param>
    /// <param name="main">The content.</param>
    /// <param name="script">The script; if it is empty none is allowed.</param>
    /// <param name="pictures">Whether the page contains pictures.</param>
    public static string Page(string title, string style, Markup main, string script = "", bool pictures = false)
    {
        var policy = "default-src 'none'; style-src 'unsafe-inline'"
            + (script.Length > 0 ? "; script-src 'unsafe-inline'" : "")
            + (pictures ? "; img-src data:" : "");
        Markup page = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="{Markup.Trusted(policy)}"/>
            <title>{title}</title>
            <style>
            {Markup.Trusted(style)}</style>
            </head>
            <body>
            <main>
            {main}
            </main>
            {(script.Length > 0 ? $"<script>//<![CDATA[\n{Markup.Trusted(script)}//]]></script>\n" : Markup.Empty)}</body>
            </html>

            """;
        return page.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A table with a header row. The first cell of each row is its header.</summary>
    public static Markup Table(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) =>
        $"""
        <div class="scroll"><table>
        <caption>{caption}</caption>
        <thead><tr>{head.Select(Markup (cell) => $"<th scope=\"col\">{cell}</th>")}</tr></thead>
        <tbody>
        {Markup.Lines(rows.Select(Row))}
        </tbody>
        </table></div>
        """;

    /// <summary>A list of names and their meanings.</summary>
    public static Markup Definitions(params IEnumerable<(string Name, string Meaning)> entries) =>
        $"<dl>\n{entries.Select(Markup (entry) => $"<div><dt>{entry.Name}</dt><dd>{entry.Meaning}</dd></div>\n")}</dl>";

    /// <summary>An unordered list; empty if there are no lines.</summary>
    public static Markup List(IReadOnlyCollection<string> lines) =>
        lines.Count == 0 ? Markup.Empty : $"<ul>{lines.Select(Markup (line) => $"<li>{line}</li>")}</ul>";

    private static Markup Row(IReadOnlyList<string> cells) =>
        $"<tr><th scope=\"row\">{cells[0]}</th>{cells.Skip(1).Select(Markup (cell) => $"<td>{cell}</td>")}</tr>";
}
