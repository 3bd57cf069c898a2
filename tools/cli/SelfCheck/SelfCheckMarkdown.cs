using System.Text;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.SelfCheck;

/// <summary><c>matrix.md</c>: the kill matrix as tables, one for each operation.</summary>
internal static class SelfCheckMarkdown
{
    /// <param name="questions">What was asked.</param>
    public static string Render(KillMatrix check, IReadOnlyList<Question> questions)
    {
        var cases = KillWords.Cases(questions).ToDictionary(pair => pair.Key, pair => pair.Value.Length);
        var operations = check.Rows.GroupBy(row => row.Defect.Op).ToArray();
        var text = new StringBuilder("# The suite against its known mistakes\n\n");
        text.Append(
            $"{check.Rows.Count(row => row.IsKilled)} of {check.Rows.Count} known mistakes are killed, "
                + $"{check.Rows.Count(row => row.IsDiagnosed)} are named; {check.FalseAlarms.Count} false alarms; {check.Cases} cases.\n\n");
        MarkdownText.Table(text, ["operation", "mistakes", "cases", "killed", "named", "least kills"], "lrrrrr", operations.Select(operation => new[]
        {
            MarkdownText.Code(operation.Key), $"{operation.Count()}", $"{cases[operation.Key]}", $"{operation.Count(row => row.IsKilled)}",
            $"{operation.Count(row => row.IsDiagnosed)}", $"{operation.Min(row => row.Clear.Count)}",
        }));
        text.Append($"""

            * killed by: how many of the operation's cases an engine with this mistake fails.
            * clearly: how many of them by 10 tolerances or more, or by 1 or more in the exact tier. A mistake counts as killed from {KillRow.LeastKills} on; "least kills" is the smallest such number.
            * margin: the largest error in tolerances; "exact" where a case of the exact tier kills it, which has no tolerance; "∞" where there is no number to compare.
            * diagnosis: "named" where the suite gives this mistake's name and no other; else the names that it gives, "or" between those that nothing tells apart.

            """.ReplaceLineEndings("\n"));
        foreach (var operation in operations)
        {
            text.Append($"\n## {operation.Key}\n\n");
            MarkdownText.Table(
                text, ["mistake", "class", "what the author did", "killed by", "clearly", "margin", "diagnosis"],
                "lllrrrl", operation.Select(row => new[]
            {
                MarkdownText.Code(row.Defect.Id[(row.Defect.Op.Length + 1)..]), KillWords.Text(row.Defect.Class),
                MarkdownText.Plain(row.Defect.Mistake), $"{row.Killed.Count} of {cases[operation.Key]}", $"{row.Clear.Count}", KillWords.Margin(row),
                row.IsDiagnosed ? "named" : $"{KillWords.Text(KillWords.NamingOf(row))}: {MarkdownText.Plain(KillWords.Names(row))}",
            }));
        }
        return text.ToString();
    }
}
