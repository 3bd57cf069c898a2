using Conformance.Scratch;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Scratch;

/// <summary>Our engine against the stored vectors: every case, every kernel. Runs without torch.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class StoredVectors
{
    private static IEnumerable<TestCaseData> EveryCaseAndKernel() =>
        from entry in Repository.Fixtures.Cases()
        from kernel in ScratchSubject.Kernels
        select new TestCaseData(entry.Id, kernel);

    [TestCaseSource(nameof(EveryCaseAndKernel))]
    public void TheEngineAnswersRight(string id, string kernel)
    {
        var question = VectorFile.Read(Repository.Fixtures.PathOf(id)).Question;
        Judged.Pass(Judge.Run(new ScratchSubject(kernel), question));
    }

    [Test]
    public void TheEngineHasEveryOperationThatHasCases() => Assert.That(
        ScratchSubject.Operations, Is.EquivalentTo(Repository.Fixtures.Cases().Select(entry => entry.Id.Split('/')[0]).Distinct()));

    [Test]
    public void EveryCaseIsStoredAndEveryStoredVectorHasACase() => Assert.That(
        Repository.Fixtures.Vectors().Select(vector => vector.Case.Id), Is.EquivalentTo(Repository.Fixtures.Cases().Select(entry => entry.Id)));
}
