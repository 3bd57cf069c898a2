using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.SelfCheck;

/// <summary><c>results.json</c> of <c>selfcheck</c>; others rely on its keys.</summary>
/// <param name="Cases">How many cases each mistake was tried on, of all operations together.</param>
/// <param name="FalseAlarms">How many cases right engines failed.</param>
/// <param name="RightEngines">Which those are, with what the self-test of torch found.</param>
/// <param name="Ambiguous">Mistakes that no case tells apart, each with the reason as its last text.</param>
internal sealed record SelfCheckResults(
    int Conformance, int Defects, int Killed, int Diagnosed, int Cases, int FalseAlarms, IReadOnlyList<string> RightEngines,
    IReadOnlyList<IReadOnlyList<string>> Ambiguous, IReadOnlyList<SelfCheckResults.Row> Matrix)
{
    /// <param name="Diagnosis">The name that the suite gave; null where it gave none, or more than one.</param>
    /// <param name="MarginOverTolerance">The largest error in tolerances; null where the exact tier kills it, which has none.</param>
    internal sealed record Row(string Defect, IReadOnlyList<string> KilledBy, string? Diagnosis, double? MarginOverTolerance);

    public static SelfCheckResults FromMatrix(KillMatrix check) => new(
        1, check.Rows.Count, check.Rows.Count(row => row.IsKilled), check.Rows.Count(row => row.IsDiagnosed),
        check.Cases, check.FalseAlarms.Count, check.RightEngines, check.Ambiguous,
        [.. check.Rows.Select(row => new Row(row.Defect.Id, [.. row.Killed.Select(report => report.Question.Case.Id)], row.Diagnosis, row.Margin))]);
}
