using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Text;

/// <summary>The counts of one operation with one kernel.</summary>
/// <param name="Worst">
/// The largest error in units of its tolerance, see <see cref="TensorComparison.Worst"/>; 0 if all is exact, null if no tensor was compared.
/// </param>
public sealed record Tally(string Op, string? Kernel, int Cases, int Pass, int Unsupported, double? Worst)
{
    public int Fail => Cases - Pass - Unsupported;

    /// <summary>Counts every operation and kernel, in the order in which they were judged.</summary>
    public static IReadOnlyList<Tally> Count(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return [.. check.Cases.GroupBy(report => (report.Question.Case.Op, report.Kernel)).Select(group => new Tally(
            group.Key.Op, group.Key.Kernel, group.Count(), group.Count(report => report.Verdict.IsGood()),
                group.Count(report => report.Verdict == Verdict.Unsupported),
            group.SelectMany(report => report.Tensors).Max(tensor => (double?)tensor.Worst)))];
    }
}
