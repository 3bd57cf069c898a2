using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Scratch;

/// <summary>
/// Engines that are right but for one mistake, under the stored vectors: each case fails each defect that it claims to catch, each defect is claimed by
/// two cases at least, and the right engine passes them all. Without this a green suite would mean nothing.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class BrokenKernels
{
    private static readonly Dictionary<string, StoredVector> Vectors = Repository.Fixtures.Vectors().ToDictionary(vector => vector.Case.Id);

    private static IEnumerable<TestCaseData> Claims() =>
        from vector in Vectors.Values
        from defect in vector.Case.Catches
        select new TestCaseData(vector.Case.Id, defect);

    private static IEnumerable<string> AllDefects() => AllOperations.Names.SelectMany(name => AllOperations.Named(name).Defects).Select(defect => defect.Id);

    private static string[] AllCases() => [.. Vectors.Keys];

    [TestCaseSource(nameof(Claims))]
    public void ACaseFailsWhatItClaimsToCatch(string id, string defect) =>
        Assert.That(Judge.Run(new DefectSubject(AllOperations.DefectOf(defect)), Vectors[id].Question).Verdict, Is.EqualTo(Verdict.Fail));

    [TestCaseSource(nameof(AllDefects))]
    public void EveryDefectIsClaimedByTwoCasesAtLeast(string id) =>
        Assert.That(Vectors.Values.Count(vector => vector.Case.Catches.Contains(id)), Is.GreaterThanOrEqualTo(2));

    [TestCaseSource(nameof(AllCases))]
    public void TheRightEnginePasses(string id) =>
        Assert.That(Judge.Run(new RightSubject(), Vectors[id].Question).Verdict, Is.EqualTo(Verdict.Pass));

    private sealed class RightSubject : ISubject
    {
        public string Name => "oracle";

        public LayerResult Run(LayerCase layerCase) => AllOperations.Named(layerCase.Op).Evaluate(layerCase);
    }
}
