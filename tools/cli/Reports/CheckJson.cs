using System.Text.Json;
using Conformance.Suite;

namespace Conformance.Cli.Reports;

/// <summary><c>results.json</c> of <c>check</c>; others rely on its keys.</summary>
internal static class CheckJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static string Of(IReadOnlyList<CaseReport> reports) => JsonSerializer.Serialize(new
    {
        conformance = 1,
        suiteHash = Commands.Fixtures.Folder().Hash(),
        engine = reports.Select(report => report.Subject).FirstOrDefault(),
        provider = string.Join(", ", reports.Select(report => report.Question.Source).Distinct()),
        summary = reports.GroupBy(report => report.Verdict).ToDictionary(group => Name(group.Key), group => group.Count()),
        diagnoses = Array.Empty<object>(),
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
            diagnosis = (string?)null,
        }),
    }, Indented) + "\n";

    private static string Name(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
