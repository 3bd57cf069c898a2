using System.Globalization;
using System.Text;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Text;

/// <summary>The gate's result as text: each reason that closes it with what to do, then the changes since the earlier run.</summary>
public static class GateText
{
    /// <summary>The name of the file with <see cref="Entries"/>.</summary>
    public const string FileName = "failures.txt";

    private const int Shown = 10;

    public static string Render(Gate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var text = new StringBuilder();
        Block("failing, and not known to", gate.Unknown, one => $"{Named(one)}  {one.Verdict}{(one.Was is null ? "" : $", was {one.Was}")}");
        Block("known to fail", gate.Known, one => $"{Named(one)}  {one.Verdict}: {one.Reason}");
        Block($"in {gate.File}, and no longer true: remove or narrow", gate.Stale, stale =>
            $"line {stale.Entry.Line}: {stale.Entry.Pattern}  {stale.Why}");
        Block("passed before, and not judged now", gate.Lost, one => $"{Named(one)}  {one.Verdict}");
        Block("newly failing", gate.NewlyFailing, Named);
        Block("newly passing", gate.NewlyPassing, one => $"{Named(one)}  was {one.Was}");
        Block("slower, over the cases that pass in both runs", gate.Slower, one =>
            string.Create(CultureInfo.InvariantCulture, $"{one.Op}{Suffix(one.Kernel)}  {one.Before:0} ms before, {one.Now:0} ms now"));
        if (gate.Judged == 0)
            text.Append("nothing was judged\n");
        var known = gate.Known.Count == 0 ? null : Counted.Text(gate.Known.Count, "known failure");
        text.Append(gate.Decides ? $"gate: {(gate.IsOpen ? "open" : "closed")}{(known is null ? "" : $", {known}")}\n"
            : known is null ? "gate: not judged, since --gate is not given\n"
            : $"gate: not judged; without --gate {known} fail{(gate.Known.Count == 1 ? "s" : "")} the check all the same\n");
        return text.ToString();

        void Block<T>(string head, IReadOnlyList<T> items, Func<T, string> line)
        {
            if (items.Count == 0)
                return;
            text.Append(CultureInfo.InvariantCulture, $"{head}: {items.Count}\n");
            foreach (var item in items.Take(Shown))
                text.Append("  ").Append(Visible.Line(line(item))).Append('\n');
            if (items.Count > Shown)
                text.Append(CultureInfo.InvariantCulture, $"  and {items.Count - Shown} more\n");
        }
    }

    /// <summary>The unknown failures as lines of a known-failures file with their causes, to copy into that file.</summary>
    public static string Entries(Gate gate, CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return string.Concat(gate.Unknown.Select(one => $"{one.Id}{(one.Kernel is null ? "" : $" kernel={one.Kernel}")}  {Cause(one)}\n"));

        string Cause(GateCase one) =>
            check.Findings.Select(finding => finding.Cause)
            .FirstOrDefault(cause => cause.Wrong.Any(wrong => wrong.Question.Case.Id == one.Id)) is { } cause
            ? CauseText.Line(cause).ReplaceLineEndings(" ")
            : one.Verdict;
    }

    private static string Named(GateCase one) => one.Id + Suffix(one.Kernel);

    private static string Suffix(string? kernel) => kernel is null ? "" : $" (kernel {kernel})";
}
