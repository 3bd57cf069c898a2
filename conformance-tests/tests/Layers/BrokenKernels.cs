using Conformance.Oracle;
using Conformance.Suite;
using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Layers;

/// <summary>
/// Engines that are right but for one mistake, under the stored vectors: each case fails each defect that it claims to catch, and the right
/// engine passes. Without this a green suite would mean nothing.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class BrokenKernels
{
    private static readonly StoredVector[] Vectors = [.. Repository.Fixtures.Vectors()];

    private static IEnumerable<TestCaseData> Claims() =>
        from vector in Vectors
        from defect in vector.Case.Catches
        select new TestCaseData(vector.Case.Id, defect);

    private static IEnumerable<string> AllDefects() => AllOperations.Names.SelectMany(name => AllOperations.Named(name).Defects).Select(defect => defect.Id);

    [TestCaseSource(nameof(Claims))]
    public void ACaseFailsWhatItClaimsToCatch(string id, string defect)
    {
        var vector = Vectors.Single(vector => vector.Case.Id == id);
        var report = Judge.Run(new DefectSubject(Find(defect)), vector.Question);
        Assert.That(report.Verdict, Is.EqualTo(Verdict.Fail));
    }

    [TestCaseSource(nameof(AllDefects))]
    public void EveryDefectFailsTwoCasesAtLeastAndRightPassesThem(string id)
    {
        var defect = Find(id);
        var killers = Vectors.Where(vector => vector.Case.Op == defect.Op)
            .Where(vector => Judge.Run(new DefectSubject(defect), vector.Question).Verdict == Verdict.Fail).ToArray();
        Assert.That(killers, Has.Length.GreaterThanOrEqualTo(2));
        foreach (var vector in killers)
            Assert.That(Judge.Run(new RightSubject(), vector.Question).Verdict, Is.EqualTo(Verdict.Pass), vector.Case.Id);
    }

    private static Defect Find(string id) => AllOperations.Named(id[..id.IndexOf('.', StringComparison.Ordinal)]).Defects.Single(defect => defect.Id == id);

    private sealed class RightSubject : ISubject
    {
        public string Name => "oracle";

        public LayerResult Run(LayerCase layerCase) => AllOperations.Named(layerCase.Op).Evaluate(layerCase);
    }
}
