using System.Globalization;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Check;

/// <summary><c>report.html</c> of <c>report</c>: what each command left last, with a link to its own page.</summary>
internal static class LatestHtml
{
    public const string FileName = "report.html";

    /// <param name="folder">Where the page will be: its links start there.</param>
    public static string Render(IReadOnlyList<LatestResults> latest, string folder) => Html.Page(
        "The latest results", Resource.Text("report.css") + Resource.Text("check.css"),
        $"""
        <h1>The latest results</h1>
        {Markup.Lines(latest.Select(one => Section(one, folder)))}
        """);

    private static Markup Section(LatestResults one, string folder) =>
        $"""
        <section>
        <h2>{one.Command}</h2>
        <div class="verdict{(one.IsGood ? "" : " bad")}"><p><strong>{one.Text}</strong></p>
        {Html.List(one.Causes)}</div>
        <p class="quiet">{one.Written.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}{(one.Page is null ? Markup.Empty : $" · <a href=\"{Link(Path.GetRelativePath(folder, one.Page))}\">the whole report</a>")}</p>
        </section>
        """;

    private static string Link(string path) => string.Join('/', path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));
}
