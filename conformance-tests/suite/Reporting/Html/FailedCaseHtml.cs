using Conformance.Suite.Diagnosing;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Suite.Reporting.Html;

/// <summary>
/// A failed case as a part of the page that can be opened: the reason for the case, the errors as text and, if there is room, as pictures.
/// </summary>
internal static class FailedCaseHtml
{
    private const int MostTensors = 2;

    /// <param name="causes">The causes of its failure.</param>
    /// <param name="aspects">The case's aspects in the matrix, for the script's filter.</param>
    /// <param name="withMaps">Whether to add heat maps.</param>
    public static Markup Render(CaseReport report, IEnumerable<Finding> causes, CaseEntry? entry, IEnumerable<string> aspects, bool withMaps)
    {
        var id = report.Question.Case.Id;
        return $"""
            <details class="case" id="{IdOf(report)}" data-op="{report.Question.Case.Op}" data-aspects="{string.Join(' ', aspects)}"><summary><span class="id">{id}</span>{(report.Kernel is null ? Markup.Empty : $"<span class=\"kernel\">{report.Kernel}</span>")}<span class="what">{What(report)}</span></summary>
            <div class="body">
            {Html.Definitions([.. entry is { Why.Length: > 0 } ? new[] { ("Why it is there", entry.Why) } : [], .. causes.Select(finding => ("Cause", CauseText.Line(finding.Cause))).Distinct()])}
            <pre tabindex="0">{FailureText.Render(report)}</pre>
            {Taps(report, causes)}{(withMaps ? Maps(report) : Markup.Empty)}</div></details>
            """;
    }

    /// <summary>The id of the case's part of the page, for links.</summary>
    public static string IdOf(CaseReport report) => report.Question.Case.Id + (report.Kernel is null ? "" : $"@{report.Kernel}");

    /// <summary>The link to the case.</summary>
    public static string LinkTo(CaseReport report) => "#" + Uri.EscapeDataString(Visible.Line(IdOf(report)));

    private static string What(CaseReport report)
    {
        string[] wrong = [.. report.Tensors.Where(tensor => !tensor.Passes)
            .Select(tensor => tensor.Problem is not null && tensor.Wrong == tensor.Count ? $"{CauseText.Name(tensor.Name)}: {tensor.Problem}"
                : $"{CauseText.Name(tensor.Name)}: {tensor.Wrong} of {tensor.Count} wrong")];
        return wrong.Length > 0 ? string.Join("; ", wrong) : report.Message ?? report.Verdict.Text();
    }

    private static Markup Taps(CaseReport report, IEnumerable<Finding> causes) =>
        Markup.Concat(causes.Where(finding => finding.Picture is { Differs: true } && finding.Cause.First.Report == report)
            .Select(Markup (finding) => $"<h4>What the engine reads</h4>\n"
                + $"<pre class=\"taps\" tabindex=\"0\">{TapMarks(finding.Picture!.ToString())}</pre>\n"));

    /// <summary>Colours the marks of a drawing. A line of a drawing has only marks and spaces.</summary>
    private static Markup TapMarks(string text) => Markup.Lines(text.Split('\n').Select(line =>
        line.Trim().Length > 0 && line.All(letter => letter is ' ' or 'o' or '+' or '-' or '.') ? Markup.Concat(line.Select(Mark)) : $"{line}"));

    private static Markup Mark(char letter) => letter switch
    {
        '+' => $"<b class=\"read\">+</b>",
        '-' => $"<b class=\"missed\">-</b>",
        'o' => $"<b class=\"both\">o</b>",
        _ => $"{letter}",
    };

    private static Markup Maps(CaseReport report)
    {
        var (html, shown) = (new List<Markup>(), 0);
        foreach (var tensor in report.Tensors.Where(tensor => !tensor.Passes && tensor.Wrong > 0))
        {
            var expected = report.Question.Expected.Tensors.FirstOrDefault(pair => pair.Key == tensor.Name).Value;
            var actual = report.Reply?.Tensors.FirstOrDefault(pair => pair.Key == tensor.Name).Value;
            if (expected is null || actual is null || !actual.HasShape(expected.Shape))
                continue;
            if (shown++ == MostTensors)
            {
                html.Add($"<p class=\"quiet\">… and more tensors: the text above has them all</p>\n");
                break;
            }
            html.Add($"<h4>{CauseText.Name(tensor.Name)} {tensor.Shape}</h4>\n{HeatMap.Draw(tensor.Name, expected, actual, report.Question.Bound)}");
        }
        return Markup.Concat(html);
    }
}
