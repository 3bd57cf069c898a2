using System.Globalization;
using System.Text;
using Conformance.Suite;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Reporting;

namespace Conformance.Cli.Reports;

/// <summary>What <c>check</c> prints: each failure, a line for each operation and kernel, and one line in sum.</summary>
internal static class CheckText
{
    /// <param name="shrunk">The smallest cases that random failures shrink to; shown behind the causes.</param>
    /// <param name="written">The files written, <c>results.json</c> first.</param>
    public static string Of(CheckReport check, IReadOnlyList<CaseReport> shrunk, IReadOnlyList<string> written, Terminal terminal)
    {
        var (text, reports) = (new StringBuilder(), check.Cases);
        foreach (var (cause, picture) in check.Findings)
            text.AppendLine(CauseText.Of(cause, picture)).AppendLine();
        foreach (var report in shrunk)
            text.AppendLine(FailureText.Of(report)).AppendLine();
        if (shrunk.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"each the smallest of its kind; all of them again: {string.Join(", ", written.Skip(1).Select(file => $"tools/conformance check --cases {file}"))}").AppendLine();
        text.AppendLine(terminal.Bold($"{"operation",-27}{"kernel",-10}{"cases",7}{"pass",7}{"fail",7}{"unsupported",13}{"worst",8}"));
        var absent = reports.GroupBy(report => report.Question.Case.Op).Where(group => group.All(report => report.Verdict == Verdict.Unsupported)).Select(group => group.Key).ToArray();
        foreach (var group in reports.Where(report => !absent.Contains(report.Question.Case.Op)).GroupBy(report => (report.Question.Case.Op, report.Kernel)))
        {
            var (pass, unsupported) = (group.Count(report => report.Verdict.IsGood()), group.Count(report => report.Verdict == Verdict.Unsupported));
            var count = group.Count();
            text.AppendLine(CultureInfo.InvariantCulture, $"{group.Key.Op,-27}{group.Key.Kernel,-10}{count,7}{pass,7}{count - pass - unsupported,7}{unsupported,13}{Worst(group),8}");
        }
        text.AppendLine("worst: the largest error in units of its tolerance; 0 where all is exact");
        if (absent.Length > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"unsupported as a whole: {string.Join(", ", absent)}");
        foreach (var reach in check.Reaches.Where(reach => reach.Passed == reach.Judged && reach.Unseen.Count > 0).Select(reach => reach.ToString()).Distinct())
            text.AppendLine(reach);
        var passed = reports.Count(report => report.Verdict.IsGood());
        text.AppendLine(CultureInfo.InvariantCulture, $"{passed} of {reports.Count} pass{Unsupported(reports)} in {check.Elapsed.TotalSeconds:0.0} s, against {string.Join(" and ", reports.Select(report => report.Question.Source).Distinct())}; details in {written[0]}");
        if (check.Reaches.Count > 0 && check.Reaches.All(reach => reach.Unseen.Count == 0))
            text.AppendLine(CultureInfo.InvariantCulture, $"these cases would have caught each of {check.Reaches.DistinctBy(reach => reach.Op).Sum(reach => reach.Known)} known mistakes");
        if (passed == 0)
            text.AppendLine("nothing passed: that is a failure");
        return text.ToString();
    }

    private static string Worst(IEnumerable<CaseReport> reports) =>
        reports.SelectMany(report => report.Tensors).Max(tensor => (double?)tensor.Worst)?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";

    private static string Unsupported(IReadOnlyList<CaseReport> reports) =>
        reports.Count(report => report.Verdict == Verdict.Unsupported) is > 0 and var count ? $", {count} unsupported, which is not passed," : "";
}
