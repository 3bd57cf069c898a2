using System.Text;
using System.Text.RegularExpressions;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Text;

/// <summary>Parts of Markdown files: plain text, code and tables.</summary>
internal static partial class MarkdownText
{
    /// <summary>Text that Markdown shows as it is, on one line: it calls nobody's attention, and is no link to an issue or a page.</summary>
    public static string Plain(string text) => Linked().Replace(Special().Replace(Visible.Line(text), @"\$0"), "$0\u200B");

    /// <summary>A text as inline code.</summary>
    public static string Code(string text)
    {
        text = Visible.Line(text);
        var fence = Fence(text, 1);
        return fence.Length == 1 ? $"`{text}`" : $"{fence} {text} {fence}";
    }

    /// <summary>A text as a code block.</summary>
    public static string Block(string text)
    {
        text = Visible.Escape(text);
        var fence = Fence(text, 3);
        return $"{fence}text\n{text}\n{fence}\n";
    }

    /// <param name="aligned">The alignment of each column: a letter for left or right.</param>
    /// <param name="rows">The cells, as Markdown.</param>
    public static void Table(StringBuilder text, string[] head, string aligned, IEnumerable<string[]> rows)
    {
        Row(head);
        Row([.. aligned.Select(side => side == 'r' ? "--:" : "---")]);
        foreach (var row in rows)
            Row(row);

        void Row(string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    /// <summary>A fence with more backticks than any run of them in the text.</summary>
    private static string Fence(string text, int least) =>
        new('`', Math.Max(least, Backticks().Matches(text).Select(match => match.Length + 1).DefaultIfEmpty(0).Max()));

    [GeneratedRegex(@"[\\|`*_<\[\]]|&(?=[#a-zA-Z])")]
    private static partial Regex Special();

    /// <summary>What a space of no width behind it keeps from becoming a link: a name, an issue's number, an address.</summary>
    [GeneratedRegex(@"@|#(?=\d)|\bGH-(?=\d)|(?<=\bhttps?|\bftp):(?=//)|(?<=\bwww)\.", RegexOptions.IgnoreCase)]
    private static partial Regex Linked();

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();
}
