using System.Globalization;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Html;

/// <summary>
/// <c>report.html</c> of one engine: causes, the matrix of operations and aspects, each failing case with its pictures, and the cases that passed or
/// were not offered. It is a single file of well-formed XML and loads nothing from the network. Everything is readable without a script; the script
/// only filters, and shows the values of cells.
/// </summary>
public static class CheckHtml
{
    public const string FileName = "report.html";

    /// <summary>The largest number of failing cases with details, and of those with heat maps. Other failing cases are listed by name.</summary>
    internal const int MostOpened = 200, MostWithMaps = 24;

    private const int CausesAtOnce = 1;

    /// <param name="files">The case files that declare the aspects of each case.</param>
    public static string Render(CheckReport check, IReadOnlyList<CaseFile> files)
    {
        ArgumentNullException.ThrowIfNull(check);
        var matrix = AspectMatrix.FromCases(check.Cases, files);
        return Html.Page(
            $"Conformance of {check.Engine}", Resource.Text("report.css") + Resource.Text("check.css"),
            $"""
            <h1>Conformance of {check.Engine}</h1>
            <p class="quiet">Each case asks the engine for outputs and gradients, and compares every element. Suite {check.SuiteHash[..Math.Min(12, check.SuiteHash.Length)]}, answers from {check.Provider}.</p>
            {Verdict(check)}
            {Causes(check)}
            <h2>What was asked, and what came of it</h2>
            <p>A row is an operation, a cell what a group of its cases is there for, with how many of them pass. Choose a cell for its failing cases.</p>
            {MatrixHtml.Render(matrix)}
            {Failing(check, matrix, files)}
            <h2>Passed, and not offered</h2>
            <p class="quiet">What is not offered was not judged, and is not counted as passed.</p>
            {Markup.Lines(matrix.Rows.Select(Others))}
            <p id="tip" role="status" hidden=""></p>
            <footer><p>The same for programs: results.json and junit.xml; for a pull request: summary.md; all beside this file.</p></footer>
            """, script: Resource.Text("check.js"));
    }

    private static Markup Verdict(CheckReport check)
    {
        var (pass, unsupported) = (check.Cases.Count(report => report.Verdict.IsGood()),
            check.Cases.Count(report => report.Verdict == Judging.Verdict.Unsupported));
        var fail = check.Cases.Count - pass - unsupported;
        string[] warned =
        [
            .. check.Fixtures is { } fixtures ? [fixtures] : Array.Empty<string>(),
            .. check.Interrupted ? [check.Ended ?? "interrupted: not all was judged, and nothing was diagnosed"] : Array.Empty<string>(),
        ];
        var said = fail > 0 ? $"{fail} of {fail + pass} judged cases fail"
            : pass > 0 ? "Every judged case passes" : "Nothing was judged: that is a failure";
        return $"""
            <div class="verdict{(check.IsAccepted ? "" : " bad")}"><p><strong>{said}</strong></p>
            {(check.Gate is { } gate ? $"<pre tabindex=\"0\">{GateText.Render(gate).TrimEnd('\n')}</pre>\n" : Markup.Empty)}{Html.List([.. warned, .. CheckText.Conventions(check), .. LeftOutText.Lines(check), .. CheckText.Passes(check)])}</div>
            <dl class="figures">
            {Figure("pass", $"{pass}")}{Figure("fail", $"{fail}")}{Figure("not offered", $"{unsupported}")}{Figure("causes", $"{check.Findings.Count}")}{Figure("seconds", check.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture))}
            </dl>
            """;
    }

    private static Markup Causes(CheckReport check)
    {
        if (check.Findings.Count == 0)
            return Markup.Empty;
        return $"<h2>Causes</h2>\n<p>One for each mistake, however many cases it fails.</p>\n{check.Findings.Select(Cause)}";
    }

    private static Markup Cause(Finding finding, int i)
    {
        var (cause, picture) = finding;
        var first = cause.First.Report;
        Markup kernel = first.Kernel is null ? Markup.Empty : $"<span class=\"kernel\">{first.Kernel}</span>";
        Markup open = i < CausesAtOnce ? $" open=\"\"" : Markup.Empty;
        return $"""
            <details class="cause"{open}><summary><span class="id">{cause.Op}</span>{kernel}<span class="what">{CauseText.Titled(cause)}</span>
            """ + $"""
            <span class="count">{Counted.Text(cause.Wrong.Count, "case")}</span></summary>
            <div class="body"><pre tabindex="0">{CauseText.Render(cause, picture)}</pre>
            <p><a href="{FailedCaseHtml.LinkTo(first)}">Its smallest failing case</a></p></div></details>

            """;
    }

    private static Markup Failing(CheckReport check, AspectMatrix matrix, IReadOnlyList<CaseFile> files)
    {
        var failing = check.Cases.Where(report => report.Verdict.IsBad()).ToArray();
        if (failing.Length == 0)
            return Markup.Empty;
        var causes = check.Findings.SelectMany(finding => finding.Cause.Wrong.Select(wrong => (wrong, finding)))
            .ToLookup(pair => pair.wrong, pair => pair.finding);
        var entries = files.SelectMany(file => file.Cases).DistinctBy(entry => entry.Id).ToDictionary(entry => entry.Id);
        var aspects = matrix.Rows.SelectMany(row => row.Cells).SelectMany(cell => cell.Cases.Select(report => (report, cell.Aspect)))
            .ToLookup(pair => pair.report, pair => pair.Aspect);
        var opened = Chosen(check, failing).Take(MostOpened).ToHashSet();
        var withMaps = Chosen(check, failing).Where(report => report.Reply is not null).Take(MostWithMaps).ToHashSet();
        var html = new List<Markup>
        {
            $"<h2 id=\"failing\">Failing cases</h2>\n<p id=\"filter\" hidden=\"\"><span></span> <button type=\"button\">Show all</button></p>\n",
        };
        if (failing.Count(report => report.Reply is not null) > MostWithMaps)
        {
            var named = failing.Length > MostOpened ? $" {MostOpened} open; the others are named at the end." : "";
            html.Add($"<p class=\"quiet\">{MostWithMaps} of them, the smallest of each operation first, have heat maps.{named}</p>\n");
        }
        foreach (var report in failing.Where(opened.Contains))
        {
            var entry = entries.GetValueOrDefault(report.Question.Case.Id);
            html.Add($"{FailedCaseHtml.Render(report, causes[report], entry, aspects[report], withMaps.Contains(report))}\n");
        }
        if (failing.Length > opened.Count)
        {
            var ids = failing.Where(report => !opened.Contains(report)).Select(FailedCaseHtml.IdOf);
            html.Add($"<details class=\"more\"><summary>{failing.Length - opened.Count} more</summary>"
                + $"<ol class=\"cases\">{ids.Select(Markup (id) => $"<li id=\"{id}\">{id}</li>")}</ol></details>\n");
        }
        return Markup.Concat(html);
    }

    /// <summary>The order in which failing cases get details: the first case of each cause, then the smallest of each operation in turn.</summary>
    private static IEnumerable<CaseReport> Chosen(CheckReport check, IEnumerable<CaseReport> failing) =>
        check.Findings.Select(finding => finding.Cause.First.Report).Concat(failing.GroupBy(report => report.Question.Case.Op)
            .SelectMany(group => group.OrderBy(report => report.Question.Case.Inputs.Values.Sum(input => input.Length)).Index())
            .OrderBy(pair => pair.Index).Select(pair => pair.Item)).Distinct();

    private static Markup Others(AspectMatrix.Row row)
    {
        var (passed, absent) = (row.Cases.Where(report => report.Verdict.IsGood()).ToArray(),
            row.Cases.Where(report => report.Verdict == Judging.Verdict.Unsupported).ToArray());
        return $"""
            <details class="others" id="of-{row.Op}"><summary><span class="id">{row.Op}</span> {Counted.Text(passed.Length, "case")} passed, {absent.Length} not offered</summary>
            {Cases(passed, report => string.Concat(LeftOutText.Lines(report).Select(line => "; " + line)))}{Cases(absent, report => report.Message is null ? "" : $": {report.Message}")}</details>
            """;

        static Markup Cases(CaseReport[] cases, Func<CaseReport, string> why)
        {
            var lines = cases.Select(report => FailedCaseHtml.IdOf(report)
                + (report.Verdict == Judging.Verdict.Dialect ? " (as declared)" : "") + why(report));
            return cases.Length == 0 ? Markup.Empty : $"<ol class=\"cases\">{lines.Select(Markup (line) => $"<li>{line}</li>")}</ol>\n";
        }
    }

    private static Markup Figure(string name, string value) => $"<div><dt>{name}</dt><dd>{value}</dd></div>\n";
}
