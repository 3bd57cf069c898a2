using System.Text.Encodings.Web;
using System.Text.Json;
using Conformance.Cli.Shared;
using Conformance.Suite.Judging;

namespace Conformance.Cli.Check;

/// <summary>The smallest cases that random geometries shrink to, kept as case files that <c>check --cases</c> replays.</summary>
internal static class ShrunkCaseFiles
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private static readonly string[] Aspects = ["shrunk"];

    /// <summary>Writes one case file for each operation.</summary>
    /// <returns>The files' paths.</returns>
    public static IReadOnlyList<string> Write(OutputDirectory output, IReadOnlyList<CaseReport> shrunk) =>
        [.. shrunk.GroupBy(report => report.Question.Case.Op)
            .Select(group => output.Write($"shrunk-{group.Key}.cases.json", Text(group.Key, [.. group])))];

    private static string Text(string op, IReadOnlyList<CaseReport> shrunk) => JsonSerializer.Serialize(new
    {
        conformance = 1,
        op,
        seed = shrunk[0].Question.Case.Seed,
        aspects = new { shrunk = "random geometry that failed, made as small as it goes" },
        cases = shrunk.DistinctBy(report => report.Question.Case.Id).Select(report => new
        {
            @case = report.Question.Case.Id[(op.Length + 1)..],
            why = $"the smallest that fails, of {report.Subject}{(report.Kernel is null ? "" : $", kernel {report.Kernel}")}",
            aspects = Aspects,
            catches = Array.Empty<string>(),
        }),
    }, Readable) + "\n";
}
