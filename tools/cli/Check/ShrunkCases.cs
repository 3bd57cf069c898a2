using System.Text.Encodings.Web;
using System.Text.Json;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Cli.Check;

/// <summary>What random geometries found, made as small as it goes, and kept as case files that <c>check --cases</c> replays.</summary>
internal static class ShrunkCases
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Aspects = ["shrunk"];

    /// <summary>For each operation and kernel that failed, the smallest case that its first failure shrinks to.</summary>
    public static IReadOnlyList<CaseReport> Of(IEnumerable<CaseReport> reports, IReadOnlyList<ISubject> subjects, CancellationToken cancel) =>
        [.. reports.Where(report => report.Verdict is Verdict.Fail or Verdict.Error)
            .GroupBy(report => (report.Question.Case.Op, report.Kernel))
            .Select(group => Shrunk(group.First(), subjects.Single(subject => subject.Kernel == group.Key.Kernel), cancel))];

    /// <summary>Writes one case file for each operation.</summary>
    /// <returns>The files' paths.</returns>
    public static IReadOnlyList<string> Write(OutputDirectory output, IReadOnlyList<CaseReport> shrunk) =>
        [.. shrunk.GroupBy(report => report.Question.Case.Op).Select(group => output.Write($"shrunk-{group.Key}.cases.json", JsonSerializer.Serialize(new
        {
            conformance = 1,
            op = group.Key,
            seed = group.First().Question.Case.Seed,
            aspects = new { shrunk = "random geometry that failed, made as small as it goes" },
            cases = group.DistinctBy(report => report.Question.Case.Id).Select(report => new
            {
                @case = report.Question.Case.Id[(group.Key.Length + 1)..],
                why = $"the smallest that fails, of {report.Subject}{(report.Kernel is null ? "" : $", kernel {report.Kernel}")}",
                aspects = Aspects,
                catches = Array.Empty<string>(),
            }),
        }, Readable) + "\n"))];

    private static CaseReport Shrunk(CaseReport failure, ISubject subject, CancellationToken cancel)
    {
        var (id, seed) = (failure.Question.Case.Id, failure.Question.Case.Seed);
        var smallest = Shrinker.Smallest(id, seed, FailsAlike);
        return smallest == id ? failure : Judged(AllOperations.Draw(smallest, seed));

        bool FailsAlike(LayerCase layerCase)
        {
            cancel.ThrowIfCancellationRequested();
            return Judged(layerCase).Verdict == failure.Verdict;
        }

        CaseReport Judged(LayerCase layerCase) => Judge.Run(subject, Question.AnsweredByTheOracle(layerCase));
    }
}
