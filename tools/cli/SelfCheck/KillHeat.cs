using System.Text;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.SelfCheck;

/// <summary>
/// How hard each case kills one mistake, as a strip of coloured cells. A cell is one letter, and neighbours of one letter are one stroke, dashed into
/// cells:
/// tens of thousands of them are a small page.
/// </summary>
internal static class KillHeat
{
    public const char Alive = '.';

    /// <summary>The letters and what they mean, from the weakest on.</summary>
    public static IReadOnlyList<(char Letter, string Meaning)> Levels { get; } =
    [
        (Alive, "passes"),
        ('w', "killed, but not clearly"),
        ('a', "10 tolerances or more"),
        ('b', "1,000 or more"),
        ('c', "100,000 or more"),
        ('x', "exact tier: no tolerance"),
        ('n', "no number to compare"),
    ];

    /// <param name="cases">The ids of the operation's cases, in order: a letter for each.</param>
    public static string Letters(KillRow row, IReadOnlyList<string> cases)
    {
        var killed = row.Killed.ToDictionary(report => report.Question.Case.Id);
        return string.Concat(cases.Select(id => killed.TryGetValue(id, out var report) ? Letter(report) : Alive));
    }

    public static Markup Strip(string letters)
    {
        var kills = letters.Count(letter => letter != Alive);
        var paths = Levels.Select(level => (level.Letter, Strokes: Strokes(letters, level.Letter))).Where(path => path.Strokes.Length > 0);
        return $"""
            <svg class="strip" viewBox="0 0 {letters.Length} 1" preserveAspectRatio="none" style="--cases:{letters.Length}" data-cells="{letters}"
            """ + $"""
             role="img" aria-label="killed by {kills} of {letters.Length} cases">{paths.Select(Markup (path) =>
                $"<path class=\"{Class(path.Letter)}\" d=\"{path.Strokes}\"/>")}</svg>
            """;
    }

    /// <summary>How many of an operation's mistakes each case kills, as bars over the strips.</summary>
    public static Markup Bars(IReadOnlyList<string> rows)
    {
        int[] kills = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Count(letters => letters[i] != Alive))];
        var bars = string.Concat(kills.Select((count, i) => count == 0 ? "" : $"M{i}.44 {rows.Count}v-{count}"));
        var idle = kills.Count(count => count == 0);
        return $"""
            <svg class="bars" viewBox="0 0 {kills.Length} {rows.Count}" preserveAspectRatio="none" style="--cases:{kills.Length}" role="img"
            """ + $"""
             aria-label="a case kills {kills.Min()} to {kills.Max()} of {rows.Count} mistakes; {idle} kill none"><path d="{bars}"/></svg>
            """;
    }

    /// <summary>The style's name for a letter.</summary>
    public static string Class(char letter) => letter == Alive ? "k-alive" : $"k-{letter}";

    private static char Letter(CaseReport report)
    {
        var (margin, exact) = (KillRow.MarginOf(report), report.Question.Case.Tier == Tier.Exact);
        return double.IsPositiveInfinity(margin) ? 'n'
            : exact ? (margin < 1 ? 'w' : 'x')
            : margin switch { < 10 => 'w', < 1e3 => 'a', < 1e5 => 'b', _ => 'c' };
    }

    private static string Strokes(string letters, char letter)
    {
        var strokes = new StringBuilder();
        for (var i = 0; i < letters.Length; i++)
        {
            if (letters[i] != letter)
                continue;
            var start = i;
            while (i + 1 < letters.Length && letters[i + 1] == letter)
                i++;
            strokes.Append($"M{start} .5h{i + 1 - start}");
        }
        return strokes.ToString();
    }
}
