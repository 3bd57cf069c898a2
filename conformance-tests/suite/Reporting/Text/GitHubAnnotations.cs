using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Text;

/// <summary>Causes of failure as workflow commands, one line each, which GitHub shows at the change: <c>::error title=…::…</c>.</summary>
public static class GitHubAnnotations
{
    /// <summary>The largest number of errors of one step that GitHub shows.</summary>
    private const int Most = 10;

    public static IEnumerable<string> Render(IReadOnlyList<CheckReport> checks)
    {
        var causes = checks.SelectMany(check => check.Findings.Select(finding => (check.Engine, finding.Cause))).ToArray();
        var shown = causes.Length <= Most ? causes.Length : Most - 1;
        foreach (var (engine, cause) in causes.Take(shown))
            yield return Error(
                $"{engine}: {cause.Op}",
                $"{CauseText.Line(cause)}{(cause.Diagnosis is { } id ? $" [{id}]" : "")}\n"
                    + $"{cause.Wrong.Count} of its cases fail; again: {FailureText.Command(cause.First.Report)}");
        if (shown < causes.Length)
            yield return Error("more", $"{causes.Length - shown} more causes of failure: see report.html");
    }

    private static string Error(string title, string message) => $"::error title={Property(title)}::{Data(Visible.Escape(message))}";

    // GitHub's own toolkit uses the same escapes.
    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(Visible.Line(text)).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
