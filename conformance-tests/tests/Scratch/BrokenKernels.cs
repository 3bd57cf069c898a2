using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Scratch;

/// <summary>
/// Engines with one mistake each, under the stored vectors. Each case fails each defect that it claims to catch, at least two cases claim each
/// defect, and the right engine passes all cases. Without this test a green suite would mean nothing.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class BrokenKernels
{
    private static IEnumerable<string> Operations() => Repository.Operations;

    /// <summary>The operations with known mistakes.</summary>
    private static IEnumerable<TestCaseData> Mistakable() =>
        Operations().Where(operation => AllOperations.Named(operation).Defects.Count > 0).Select(operation => LongOnes.Operations.AsTest(operation));

    [TestCaseSource(nameof(Mistakable))]
    public void ACaseFailsWhatItClaimsToCatch(string operation) => Bulk.Check(
        from vector in Repository.Vectors[operation] from defect in vector.Case.Catches select (vector.Question, Defect: defect),
        claim => $"{claim.Question.Case.Id} under {claim.Defect}",
        claim => VerdictBut(Verdict.Fail, Judge.Run(new DefectSubject(AllOperations.DefectOf(claim.Defect)), claim.Question)));

    [Test]
    public void EveryDefectIsClaimedByTwoCasesAtLeast()
    {
        var claims = Repository.Vectors.SelectMany(vectors => vectors)
            .SelectMany(vector => vector.Case.Catches.Distinct()).CountBy(id => id).ToDictionary();
        Bulk.Check(AllOperations.Names.SelectMany(name => AllOperations.Named(name).Defects), defect => defect.Id,
            defect => claims.GetValueOrDefault(defect.Id) is var count and < 2 ? $"claimed by {count}" : null);
    }

    [TestCaseSource(nameof(Operations))]
    public void TheRightEnginePasses(string operation) => Bulk.Check(
        Repository.Vectors[operation], vector => vector.Case.Id, vector => VerdictBut(Verdict.Pass, Judge.Run(new RightSubject(), vector.Question)));

    private static string? VerdictBut(Verdict expected, CaseReport report) => report.Verdict == expected ? null : $"the verdict is {report.Verdict}";

    private sealed class RightSubject : ISubject
    {
        public string Name => "oracle";

        public LayerResult Run(LayerCase layerCase) => AllOperations.Named(layerCase.Op).Evaluate(layerCase);
    }
}
