using System.Text.Json;
using Conformance.Cli.Checking;
using Conformance.Suite;
using Conformance.Suite.Diagnosing;

namespace Conformance.Cli.Reports;

/// <summary><c>results.json</c> of <c>check</c>; others rely on its keys.</summary>
internal static class CheckJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static string Of(IReadOnlyList<CaseReport> reports, Diagnosed diagnosed)
    {
        var causes = diagnosed.Causes.SelectMany(pair => pair.Cause.Wrong.Select(report => (Report: report, pair.Cause))).ToLookup(pair => pair.Report, pair => pair.Cause);
        return JsonSerializer.Serialize(new
        {
            conformance = 1,
            suiteHash = Commands.Fixtures.Folder().Hash(),
            engine = reports.Select(report => report.Subject).FirstOrDefault(),
            provider = string.Join(", ", reports.Select(report => report.Question.Source).Distinct()),
            summary = reports.GroupBy(report => report.Verdict).ToDictionary(group => Name(group.Key), group => group.Count()),
            diagnoses = diagnosed.Causes.Select(pair => new
            {
                id = pair.Cause.Diagnosis,
                text = CauseText.Line(pair.Cause),
                explains = pair.Cause.Wrong.Select(report => report.Question.Case.Id),
            }),
            cases = reports.Select(report => new
            {
                id = report.Question.Case.Id,
                kernel = report.Kernel,
                verdict = Name(report.Verdict),
                tensors = report.Tensors.Select(tensor => new
                {
                    name = tensor.Name,
                    wrong = tensor.Wrong,
                    maxError = double.IsFinite(tensor.MaxError) ? tensor.MaxError : (double?)null,
                    bound = tensor.Bound,
                }),
                milliseconds = Math.Round(report.Milliseconds, 3),
                diagnosis = causes[report].Select(cause => cause.Diagnosis).FirstOrDefault(id => id is not null),
            }),
        }, Indented) + "\n";
    }

    private static string Name(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
