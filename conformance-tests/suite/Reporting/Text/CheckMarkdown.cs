using System.Globalization;
using System.Text;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Text;

/// <summary><c>summary.md</c>: a run as the comment on a pull request. Causes come first, each with a folded block; the table follows.</summary>
public static class CheckMarkdown
{
    public const string FileName = "summary.md";

    /// <summary>The largest length of the file. GitHub's limit for a comment is 65,536 characters.</summary>
    public const int MostCharacters = 65_000;

    public static string Render(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var outcome = check.Gate is { Decides: true } decides
            ? decides.IsOpen ? "passes the gate" : "is stopped by the gate"
            : check.IsGood ? "passes" : "fails";
        var head = $"### Conformance: {MarkdownText.Code(check.Engine)} {outcome}\n\n"
            + (check.Fixtures is { } fixtures ? $"**{MarkdownText.Plain(fixtures)}**\n\n" : "")
            + (check.Ended is { } ended ? $"{MarkdownText.Plain(ended)}. Nothing was judged.\n\n"
                : $"{MarkdownText.Plain(CheckText.Outcome(check))}{(check.Interrupted ? "; interrupted, so not all was judged" : "")}.\n\n")
            + $"{(check.Gate is { } gate ? MarkdownText.Block(GateText.Render(gate).TrimEnd('\n')) + "\n" : "")}";
        var tail = Tail(check);
        var text = new StringBuilder(head);
        if (check.Findings.Count > 0)
            text.Append(
                CultureInfo.InvariantCulture, $"{(check.Findings.Count == 1 ? "One cause" : $"{check.Findings.Count} causes")} of failure:\n\n");
        foreach (var (i, finding) in check.Findings.Index())
        {
            var more = $"… and {check.Findings.Count - i} more: report.html has them all.\n\n";
            var room = MostCharacters - text.Length - tail.Length - more.Length;
            var (whole, brief) = (Cause(i, finding, folded: true), Cause(i, finding, folded: false));
            if (brief.Length > room)
            {
                text.Append(more);
                break;
            }
            text.Append(whole.Length > room ? brief : whole);
        }
        return text.Append(tail).ToString();
    }

    private static string Cause(int number, Finding finding, bool folded)
    {
        var (cause, first) = (finding.Cause, finding.Cause.First.Report);
        var name = cause.Diagnosis is { } id ? $" {MarkdownText.Code(id)}" : "";
        var kernel = first.Kernel is null ? "" : $", kernel {MarkdownText.Plain(first.Kernel)}";
        var text = $"{number + 1}. **{cause.Op}**{kernel}: {MarkdownText.Plain(CauseText.Titled(cause))}{name}; "
            + $"{Counted.Text(cause.Wrong.Count, "case")}\n";
        return folded
            ? $"{text}   <details><summary>what fails, and how to run it again</summary>\n\n"
                + $"{Indented(MarkdownText.Block(CauseText.Render(cause, finding.Picture)))}\n   </details>\n\n"
            : text + "\n";
    }

    private static string Tail(CheckReport check)
    {
        var text = new StringBuilder();
        foreach (var line in CheckText.Conventions(check).Concat(LeftOutText.Lines(check)).Concat(CheckText.Passes(check)))
            text.Append("* ").Append(MarkdownText.Plain(line)).Append('\n');
        text.Append("\n<details><summary>By operation</summary>\n\n");
        MarkdownText.Table(text, ["operation", "kernel", "cases", "pass", "fail", "unsupported"], "llrrrr", Tally.Count(check).Select(tally => new[]
        {
            MarkdownText.Plain(tally.Op), MarkdownText.Plain(tally.Kernel ?? ""), $"{tally.Cases}", $"{tally.Pass}", $"{tally.Fail}",
                $"{tally.Unsupported}",
        }));
        return text.Append(
            CultureInfo.InvariantCulture,
            $"\n</details>\n\nSuite {MarkdownText.Code(check.SuiteHash[..Math.Min(12, check.SuiteHash.Length)])}. What is unsupported was not "
            + $"judged, and is not counted as passed.\n").ToString();
    }

    /// <summary>Indents a block for an item of a list.</summary>
    private static string Indented(string block) =>
        string.Concat(block.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "\n" : $"   {line}\n"));
}
