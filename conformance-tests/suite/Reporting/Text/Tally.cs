using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Text;

/// <summary>How the cases of one operation went, with one kernel.</summary>
/// <param name="Worst">
/// The largest error in units of its tolerance, as <see cref="TensorComparison.Worst"/>; 0 where all is exact, null where no tensor was compared.
/// </param>
public sealed record Tally(string Op, string? Kernel, int Cases, int Pass, int Unsupported, double? Worst)
{
    public int Fail => Cases - Pass - Unsupported;

    /// <summary>Every operation and kernel, in the order in which they were judged.</summary>
    public static IReadOnlyList<Tally> Count(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return [.. check.Cases.GroupBy(report => (report.Question.Case.Op, report.Kernel)).Select(group => new Tally(
            group.Key.Op, group.Key.Kernel, group.Count(), group.Count(report => report.Verdict.IsGood()),
                group.Count(report => report.Verdict == Verdict.Unsupported),
            group.SelectMany(report => report.Tensors).Max(tensor => (double?)tensor.Worst)))];
    }
}
