using System.Globalization;
using System.Text;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Text;

/// <summary>
/// A run on the console: each cause of failure, one line for each operation and kernel, how much the passes prove, and a summary line.
/// </summary>
public static class CheckText
{
    /// <param name="details">The path of the file with details: <c>report.html</c>.</param>
    /// <param name="between">A text between the causes and the table, already laid out; may be empty.</param>
    public static string Render(CheckReport check, string details, TextStyle style, string between = "")
    {
        ArgumentNullException.ThrowIfNull(check);
        var text = new StringBuilder();
        if (check.Fixtures is { } fixtures)
            text.Append(style.Bold(style.Fit(fixtures))).Append("\n\n");
        foreach (var (cause, picture) in check.Findings)
            text.Append(Headed(CauseText.Render(cause, picture), style)).Append("\n\n");
        text.Append(between).Append(Table(check, style));
        foreach (var line in Conventions(check).Concat(LeftOutText.Lines(check)).Concat(Passes(check)).Append(Sum(check, details))
            .Concat(Notes(check)))
            text.Append(style.Fit(line)).Append('\n');
        if (check.Gate is { } gate)
            text.Append(style.Fit(GateText.Render(gate).TrimEnd('\n'))).Append('\n');
        return text.ToString();
    }

    /// <summary>One line for each declaration: whether it changed a question or a verdict. And the engine's note.</summary>
    public static IEnumerable<string> Conventions(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var (declares, acted) = (check.Declares, check.Cases.SelectMany(report => report.Acted).ToHashSet());
        foreach (var (name, value) in declares.Conventions)
            yield return acted.Contains(name)
                ? $"declared, and judged under it: {name} = {value}"
                : $"declared, and of no effect on these cases: {name} = {value}";
        if (check.Strict is { } seed)
            yield return $"strict: all numbers drawn anew, ids hidden, order shuffled; the same again with --strict --seed {seed}";
        if (declares.ForwardOnly)
            yield return "declared: forward only; no gradient was asked for";
        if (declares.Inexact)
            yield return "declared: inexact sums; judged within a bound where others are judged exactly";
        if (declares.Note is { } note)
            yield return $"note: {note}";
    }

    /// <summary>
    /// How much the passed cases prove: one line for each operation in which a known mistake could be undetected, or one line if there is none.
    /// </summary>
    public static IEnumerable<string> Passes(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        foreach (var line in check.Reaches.Where(reach => reach.Passed == reach.Judged && reach.Unseen.Count > 0).Select(reach => reach.ToString())
            .Distinct())
            yield return line;
        foreach (var operation in check.Cases.GroupBy(report => report.Question.Case.Op)
            .Where(group => group.All(report => report.Question.Case.Refused is not null) && group.Any(report => report.Verdict.IsGood())))
            yield return $"{operation.Key}: nothing was asked but what must be refused; an engine that refuses everything passes that, too";
        if (check.Cases.Any(report => report.Verdict.IsGood()) && check.Reaches.All(reach => reach.Unseen.Count == 0))
            yield return $"these cases would have caught each of "
                + $"{check.Reaches.DistinctBy(reach => reach.Op).Sum(reach => reach.Known)} known mistakes{NotJudged(check)}";
        if (check is { Strict: null, IsGood: true })
            yield return "not seen: an engine that knows these questions by heart, or these sizes alone; --strict asks others";
    }

    /// <summary>The operations without a judged case, so that any of their mistakes could be undetected.</summary>
    private static string NotJudged(CheckReport check) =>
        check.Cases.Select(report => report.Question.Case.Op).Except(check.Reaches.Select(reach => reach.Op)).ToArray() is { Length: > 0 } absent
            ? $", and none of {string.Join(", ", absent)}"
            : "";

    /// <summary>One line: <c>80 of 120 pass, 12 unsupported, which is not passed, in 1.2 s, against …</c></summary>
    public static string Outcome(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var (passed, unsupported) = (
            check.Cases.Count(report => report.Verdict.IsGood()), check.Cases.Count(report => report.Verdict == Verdict.Unsupported));
        var inPart = check.Cases.Count(report => report.Verdict.IsGood() && report.LeftOut.Count > 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"{passed} of {check.Cases.Count} pass{(inPart > 0 ? $", {inPart} of them in part, with tensors left out" : "")}"
                + $"{(unsupported > 0 ? $", {unsupported} unsupported, which is not passed," : "")}"
                + $" in {check.Elapsed.TotalSeconds:0.0} s, "
                + $"against {string.Join(" and ", check.Cases.Select(report => report.Question.Source).Distinct())}");
    }

    private static string Sum(CheckReport check, string details) => $"{Outcome(check)}; details in {details}";

    private static IEnumerable<string> Notes(CheckReport check) =>
        check.Cases.Any(report => report.Verdict.IsGood()) ? [] : ["nothing passed: that is a failure"];

    private static string Table(CheckReport check, TextStyle style)
    {
        var (text, tallies) = (new StringBuilder(), Tally.Count(check));
        string[] absent = [.. tallies.GroupBy(tally => tally.Op).Where(group => group.All(tally => tally.Unsupported == tally.Cases))
            .Select(group => group.Key)];
        text.Append(style.Bold(style.Fit($"{"operation",-27}{"kernel",-10}{"cases",7}{"pass",7}{"fail",7}{"unsupported",13}{"worst",8}")))
            .Append('\n');
        foreach (var tally in tallies.Where(tally => !absent.Contains(tally.Op)))
            text.Append(
                style.Fit(
                string.Create(
                CultureInfo.InvariantCulture,
                $"{tally.Op,-27}{tally.Kernel,-10}{tally.Cases,7}{tally.Pass,7}{tally.Fail,7}{tally.Unsupported,13}  {Times(tally.Worst),6}")))
                .Append('\n');
        text.Append(style.Fit(tallies.Any(tally => tally.Worst == double.PositiveInfinity)
            ? "worst: the largest error in units of its tolerance; 0 where all is exact, ∞ where what has no tolerance or no size is wrong"
            : "worst: the largest error in units of its tolerance; 0 where all is exact")).Append('\n');
        if (absent.Length > 0)
            text.Append(style.Fit($"unsupported in every case that was asked: {string.Join(", ", absent)}")).Append('\n');
        return text.ToString();
    }

    /// <summary>An error in units of the tolerance. That of a wrong engine may be millions.</summary>
    private static string Times(double? worst) =>
        worst == double.PositiveInfinity ? "∞" : worst?.ToString(worst >= 1e5 ? "0.#e0" : "0.##", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Highlights the first line of a block.</summary>
    private static string Headed(string block, TextStyle style)
    {
        var end = block.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? style.Fit(block) : $"{style.Bold(style.Fit(block[..end]))}\n{style.Fit(block[(end + 1)..])}";
    }
}
