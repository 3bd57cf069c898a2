using System.Text;
using Conformance.Cli.Shared;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Engines;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Cli.Check;

/// <summary>What <c>check</c> prints: each engine's run, and behind several a line for each. On GitHub the causes as annotations, too.</summary>
internal static class CheckSummary
{
    /// <param name="written">The files of <see cref="ReportFiles"/>.</param>
    /// <param name="shrunk">The smallest cases that random failures shrink to; shown behind the causes.</param>
    /// <param name="replays">The files that hold them.</param>
    public static string Render(
        IReadOnlyList<CheckReport> checks, IReadOnlyList<string> written,
        IReadOnlyList<CaseReport> shrunk, IReadOnlyList<string> replays, Terminal terminal)
    {
        var text = new StringBuilder();
        foreach (var check in checks)
        {
            if (checks.Count > 1)
                text.Append(terminal.Bold(terminal.Style.Fit($"engine {check.Engine}"))).Append('\n');
            text.Append(CheckText.Render(
                check, written[1], terminal.Style, Shrunk([.. shrunk.Where(report => report.Subject == check.Engine)], replays, terminal.Style)));
            if (checks.Count > 1)
                text.Append('\n');
        }
        if (checks.Count > 1)
            text.Append(
                EnginesText.Render(EnginesTable.FromResults(checks.Select(check => (Results.FromReport(check), ""))), written[1], terminal.Style));
        if (Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true")
            text.AppendJoin('\n', GitHubAnnotations.Render(checks).Append(""));
        return text.ToString();
    }

    private static string Shrunk(IReadOnlyList<CaseReport> shrunk, IReadOnlyList<string> replays, TextStyle style)
    {
        var text = new StringBuilder();
        foreach (var report in shrunk)
            text.Append(style.Fit(FailureText.Render(report))).Append("\n\n");
        if (shrunk.Count > 0)
            text.Append(style.Fit(
                $"each the smallest of its kind; "
                    + "all of them again: "
                    + string.Join(", ", replays.Select(file => $"{ProgramName.Text} check --cases {ShellWords.Quoted(file)}"))))
                .Append("\n\n");
        return text.ToString();
    }
}
