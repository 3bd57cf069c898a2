using System.Globalization;
using System.Text;
using Conformance.Cli.Shared;
using Conformance.Suite.Fixtures;
using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.SelfCheck;

/// <summary>What <c>selfcheck</c> prints: a line for each operation, what is missed, and one line in sum.</summary>
internal static class SelfCheckText
{
    private const double LeastDiagnosed = 0.97;

    /// <summary>The goals that are missed, one line each; none is missed today.</summary>
    /// <param name="survivors">What does not die twice in the quick cases.</param>
    public static IEnumerable<string> Missed(KillMatrix check, IReadOnlyList<string> survivors)
    {
        foreach (var row in check.Rows.Where(row => !row.IsKilled))
            yield return $"{row.Defect.Id} is killed clearly by {row.Clear.Count} cases, where {KillRow.LeastKills} are asked for";
        foreach (var alarm in check.FalseAlarms)
            yield return $"false alarm: {alarm.Subject}{(alarm.Kernel is null ? "" : $", {alarm.Kernel},")} is right "
                + $"and fails {alarm.Question.Case.Id}";
        if (check.Rows.Count(row => row.IsDiagnosed) is var named && named < LeastDiagnosed * check.Rows.Count)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{named} of {check.Rows.Count} are named, where {LeastDiagnosed:P0} are asked for");
        foreach (var row in check.Rows.Where(row => !row.IsDiagnosed && !row.IsInClass))
            yield return $"{row.Defect.Id} is neither named nor put in its class";
        if (survivors.Count > 0)
            yield return $"fixtures/{QuickSet.FileName} is stale: {string.Join(", ", survivors)} {(survivors.Count == 1 ? "does" : "do")} "
                + "not die twice in it; write it anew with --update-quick";
    }

    public static string Render(KillMatrix check, IReadOnlyList<string> missed, TimeSpan elapsed, IReadOnlyList<string> written, Terminal terminal)
    {
        var text = new StringBuilder();
        text.AppendLine(terminal.Bold($"{"operation",-27}{"mistakes",10}{"killed",9}{"named",9}{"least kills",13}"));
        foreach (var group in check.Rows.GroupBy(row => row.Defect.Op))
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{group.Key,-27}{group.Count(),10}{group.Count(row => row.IsKilled),9}"
                    + $"{group.Count(row => row.IsDiagnosed),9}{group.Min(row => row.Clear.Count),13}");
        foreach (var row in check.Rows.Where(row => !row.IsDiagnosed))
            text.AppendLine($"not named: {row.Defect.Id}: {KillWords.Names(row)}");
        foreach (var line in missed)
            text.AppendLine($"missed: {line}");
        var (killed, named) = (check.Rows.Count(row => row.IsKilled), check.Rows.Count(row => row.IsDiagnosed));
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{killed} of {check.Rows.Count} known mistakes are killed, each by at least {KillRow.LeastKills} cases; "
                + $"{named} are named ({100.0 * named / check.Rows.Count:0.0} %)");
        if (check.RightEngines.Count > 0)
            text.AppendLine($"right engines, none of which may fail: {string.Join("; ", check.RightEngines)}");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{check.FalseAlarms.Count} false alarms; {check.Cases} cases, {elapsed.TotalSeconds:0.0} s; details in {string.Join(", ", written)}");
        return text.ToString();
    }
}
