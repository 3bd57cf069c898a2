using System.Globalization;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.SelfCheck;

/// <summary>
/// <c>report.html</c> of <c>selfcheck</c>: the kill matrix as heat maps, one for each operation. One file, nothing from the network; rows open
/// without a script, which
/// only filters and reads out cells.
/// </summary>
internal static class SelfCheckHtml
{
    /// <summary>So many missed goals stand at the top of the page; the others open below them.</summary>
    private const int AtOnce = 5;

    /// <param name="questions">What was asked: the columns, in order.</param>
    /// <param name="missed">The goals that are missed, one line each.</param>
    /// <param name="report">What an open row shows of the failure.</param>
    public static string Render(
        KillMatrix check, IReadOnlyList<Question> questions, IReadOnlyList<string> missed, TimeSpan elapsed, Func<KillRow, string> report)
    {
        var cases = KillWords.Cases(questions);
        var operations = check.Rows.GroupBy(row => row.Defect.Op).ToArray();
        return Html.Page(
            "The suite against its known mistakes", Resource.Text("report.css") + Resource.Text("selfcheck.css", typeof(SelfCheckHtml)),
            $"""
            <h1>The suite against its known mistakes</h1>
            <p class="quiet">Each known mistake ran as an engine through all cases of its operation. It must fail some of them clearly, and the diagnosis must find its name.</p>
            {Verdict(check, missed, elapsed)}
            {Summary(operations, cases)}
            <h2>Which case kills which mistake</h2>
            <p>A row is a mistake, a cell a case. Open a row for what the author did and what the suite says of it. The bars over a map: how many mistakes each case kills.</p>
            {Legend()}
            {Filter(check.Rows)}
            {Markup.Lines(operations.Select(operation => Map(operation.Key, [.. operation], cases[operation.Key], report)))}
            <p id="none" hidden="">No mistake fits the filter.</p>
            <p id="tip" role="status" hidden=""></p>
            <footer><p>The same figures for programs: results.json; as a table: matrix.md; both beside this file.</p></footer>
            """, script: Resource.Text("selfcheck.js", typeof(SelfCheckHtml)));
    }

    private static Markup Verdict(KillMatrix check, IReadOnlyList<string> missed, TimeSpan elapsed)
    {
        var (all, named) = (check.Rows.Count, check.Rows.Count(row => row.IsDiagnosed));
        return $"""
            <div class="verdict{(missed.Count == 0 ? "" : " bad")}"><p><strong>{(missed.Count == 0 ? "Every goal is met" : missed.Count == 1 ? "One goal is missed" : $"{missed.Count} goals are missed")}</strong></p>
            {Html.List([.. missed.Take(AtOnce)])}{(missed.Count <= AtOnce ? Markup.Empty : $"<details><summary>and {missed.Count - AtOnce} more</summary>{Html.List([.. missed.Skip(AtOnce)])}</details>")}</div>
            <dl class="figures">
            {Figure("killed", $"{check.Rows.Count(row => row.IsKilled)} of {all}")}
            {Figure("named", $"{named} of {all}")}
            {Figure("false alarms", $"{check.FalseAlarms.Count}")}
            {Figure("cases", $"{check.Cases}")}
            {Figure("seconds", elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture))}
            </dl>
            {(check.RightEngines.Count == 0 ? Markup.Empty : $"<details><summary>Right engines, none of which may fail</summary>{Html.List(check.RightEngines)}</details>")}
            """;
    }

    private static Markup Figure(string name, string value) => $"<div><dt>{name}</dt><dd>{value}</dd></div>";

    private static Markup Summary(IReadOnlyList<IGrouping<string, KillRow>> operations, Dictionary<string, string[]> cases)
    {
        var rows = operations.Select(operation => new[]
        {
            operation.Key, $"{operation.Count()}", $"{cases[operation.Key].Length}", $"{operation.Count(row => row.IsKilled)}",
            $"{operation.Count(row => row.IsDiagnosed)}", $"{operation.Min(row => row.Clear.Count)}",
        });
        var table = Html.Table(
            "Least kills: of the mistake that the fewest cases kill clearly",
            ["operation", "mistakes", "cases", "killed", "named", "least kills"],
            rows);
        return $"<details class=\"summary\"><summary>By operation</summary>\n{table}\n</details>";
    }

    private static Markup Legend() =>
        $"<ul class=\"legend\" aria-label=\"What the colours mean\">\n"
            + $"{KillHeat.Levels.Select(level => LegendItem(level.Letter, level.Meaning))}</ul>";

    private static Markup LegendItem(char letter, string meaning) =>
        $"<li data-cell=\"{letter}\"><svg viewBox=\"0 0 1 1\" aria-hidden=\"true\">"
            + $"<path class=\"{KillHeat.Class(letter)}\" d=\"M0 .5h1\"/></svg>{meaning}</li>\n";

    private static Markup Filter(IReadOnlyList<KillRow> rows) =>
        $"""
        <form id="filter" hidden="" role="search">
        <label>Find <input type="search" name="text" placeholder="a part of the name, or of what the author did"/></label>
        <label>Operation <select name="op">{Options(rows.Select(row => row.Defect.Op))}</select></label>
        <label>Class <select name="class">{Options(rows.Select(row => KillWords.Text(row.Defect.Class)).Order(StringComparer.Ordinal))}</select></label>
        <label class="check"><input type="checkbox" name="unnamed"/> not named only</label>
        <output id="shown"></output>
        </form>
        """;

    private static Markup Options(IEnumerable<string> values) =>
        $"<option value=\"\">all</option>{values.Distinct().Select(Markup (value) => $"<option>{value}</option>")}";

    private static Markup Map(string op, IReadOnlyList<KillRow> rows, string[] cases, Func<KillRow, string> report)
    {
        string[] letters = [.. rows.Select(row => KillHeat.Letters(row, cases))];
        return $"""
            <section class="map" data-op="{op}">
            <h3>{op}</h3>
            <div class="line head"><span>{Counted.Text(rows.Count, "mistake")}</span><span>diagnosis</span><span>kills</span><span>margin</span>{KillHeat.Bars(letters)}</div>
            {Markup.Lines(rows.Zip(letters, (row, strip) => Row(row, strip, report(row))))}
            <details class="cases"><summary>{Counted.Text(cases.Length, "case")}, from left to right</summary><ol>{cases.Select(Markup (id) => $"<li>{id}</li>")}</ol></details>
            </section>
            """;
    }

    private static Markup Row(KillRow row, string letters, string report)
    {
        var (defect, naming) = (row.Defect, KillWords.NamingOf(row));
        return $"""
            <details class="row" id="{defect.Id}" data-class="{KillWords.Text(defect.Class)}" data-naming="{naming}"><summary class="line"><span class="id">{defect.Id[(defect.Op.Length + 1)..]}</span><span class="naming {naming}">{KillWords.Text(naming)}</span><span class="kills">{row.Killed.Count}<span class="of"> of {letters.Length}</span></span><span class="margin">{KillWords.Margin(row)}</span>{KillHeat.Strip(letters)}</summary>
            <div class="body">
            {Html.Definitions([
                ("Mistake", defect.Mistake), ("Mend", defect.Mend),
                .. defect is { Wrote: { } wrote, Meant: { } meant } ? new[] { ("Index", $"{wrote}, where {meant} is meant") } : [],
                ("Class", KillWords.Text(defect.Class)), ("Seen", defect.Seen.ToString()),
                ("Killed by", $"{Counted.Text(row.Killed.Count, "case")} of {letters.Length}, {row.Clear.Count} of them clearly"),
                ("Margin", row.Margin is null ? KillWords.Margin(row) : $"{KillWords.Margin(row)} tolerances"),
                ("Diagnosis", KillWords.Names(row))])}
            <pre tabindex="0">{report}</pre>
            </div></details>
            """;
    }
}
