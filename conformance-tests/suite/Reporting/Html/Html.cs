using System.Globalization;

namespace Conformance.Suite.Reporting.Html;

/// <summary>The little that every page needs: its frame, tables and lists, and numbers as SVG wants them.</summary>
internal static class Html
{
    /// <summary>A coordinate, to a tenth of a unit.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>
    /// A page in one file, which needs nothing from anywhere and lets nothing in but its own style, script and pictures. Well-formed XML, where its
    /// parts are.
    /// </summary>
    /// <param name="style">Its style sheet.</param>
    /// <param name="main">All that it shows.</param>
    /// <param name="script">Its own; where it is empty none runs.</param>
    /// <param name="pictures">Whether there are pictures inside.</param>
    public static string Page(string title, string style, Markup main, string script = "", bool pictures = false)
    {
        var policy = "default-src 'none'; style-src 'unsafe-inline'" + (script.Length > 0 ? "; script-src 'unsafe-inline'" : "") + (pictures ? "; img-src data:" : "");
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

    /// <summary>A table with a header row; the first cell of each row heads it.</summary>
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

    /// <summary>A list of names and what they stand for.</summary>
    public static Markup Definitions(params IEnumerable<(string Name, string Meaning)> entries) =>
        $"<dl>\n{entries.Select(Markup (entry) => $"<div><dt>{entry.Name}</dt><dd>{entry.Meaning}</dd></div>\n")}</dl>";

    /// <summary>An unordered list; nothing where there are no lines.</summary>
    public static Markup List(IReadOnlyCollection<string> lines) =>
        lines.Count == 0 ? Markup.Empty : $"<ul>{lines.Select(Markup (line) => $"<li>{line}</li>")}</ul>";

    private static Markup Row(IReadOnlyList<string> cells) =>
        $"<tr><th scope=\"row\">{cells[0]}</th>{cells.Skip(1).Select(Markup (cell) => $"<td>{cell}</td>")}</tr>";
}
