using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Text;

/// <summary>The tensors that an engine leaves out of its answers. They are not part of any verdict, so every report lists them.</summary>
internal static class LeftOutText
{
    private const int MostLines = 12;

    /// <summary>
    /// One line for each operation and reason: <c>left out, and not judged: gradient of input in 12 cases of conv2d: first layer of my net</c>.
    /// </summary>
    public static IEnumerable<string> Lines(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var groups = check.Cases.SelectMany(report => report.LeftOut.Select(pair => (Report: report, Tensor: pair.Key, Why: pair.Value)))
            .GroupBy(one => (one.Report.Question.Case.Op, one.Why)).ToArray();
        foreach (var group in groups.Take(MostLines))
            yield return $"left out, and not judged: {string.Join(", ", group.Select(one => CauseText.Name(one.Tensor)).Distinct())} "
                + $"in {Counted.Text(group.Select(one => one.Report).Distinct().Count(), "case")} of {group.Key.Op}: {group.Key.Why}";
        if (groups.Length > MostLines)
            yield return $"left out, and not judged: more, for {groups.Length - MostLines} other reasons";
    }

    /// <summary>The tensors that are left out of one case, one line each.</summary>
    public static IEnumerable<string> Lines(CaseReport report) =>
        report.LeftOut.Select(pair => $"{CauseText.Name(pair.Key)} is left out: {pair.Value}");
}
