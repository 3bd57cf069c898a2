using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Html;

/// <summary>The cases of each operation by aspect. The case files declare the aspects of each case.</summary>
public sealed record AspectMatrix(IReadOnlyList<AspectMatrix.Row> Rows)
{
    /// <summary>The aspect of cases without one in a case file.</summary>
    public const string Other = "other";

    /// <param name="Cells">The cells in the order of the case file.</param>
    public sealed record Row(string Op, IReadOnlyList<CaseReport> Cases, IReadOnlyList<Cell> Cells);

    /// <param name="Meaning">The aspect in one sentence.</param>
    /// <param name="Cases">The cases with every kernel, at least one. A case may be in several cells.</param>
    public sealed record Cell(string Aspect, string Meaning, IReadOnlyList<CaseReport> Cases)
    {
        public int Pass => Cases.Count(report => report.Verdict.IsGood());

        public int Fail => Cases.Count(report => report.Verdict.IsBad());

        public int Judged => Pass + Fail;
    }

    /// <param name="files">The case files; an operation may have several or none.</param>
    public static AspectMatrix FromCases(IReadOnlyList<CaseReport> cases, IReadOnlyList<CaseFile> files)
    {
        var aspects = files.SelectMany(file => file.Cases).GroupBy(entry => entry.Id)
            .ToDictionary(group => group.Key, group => group.SelectMany(entry => entry.Aspects).ToHashSet());
        return new(
            [.. cases.GroupBy(report => report.Question.Case.Op)
            .Select(operation => new Row(operation.Key, [.. operation], [.. Cells([.. operation])]))]);

        IEnumerable<Cell> Cells(CaseReport[] operation)
        {
            var known = files.Where(file => file.Op == operation[0].Question.Case.Op).SelectMany(file => file.Aspects)
                .DistinctBy(aspect => aspect.Key).ToArray();
            foreach (var (name, meaning) in known)
                if (operation.Where(report => aspects.GetValueOrDefault(report.Question.Case.Id)?.Contains(name) ?? false)
                    .ToArray() is { Length: > 0 } covered)
                    yield return new(name, meaning, covered);
            if (operation.Where(report => !aspects.ContainsKey(report.Question.Case.Id)).ToArray() is { Length: > 0 } others)
                yield return new(Other, "geometry that stands in no case file", others);
        }
    }
}
