using Conformance.Scratch;
using Conformance.Suite.Running;

namespace Conformance.Tests.Scratch;

/// <summary>Our engine against the stored vectors: every case, every kernel. Runs without torch.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class StoredVectors
{
    private static IEnumerable<TestCaseData> EveryOperationAndKernel() =>
        from operation in Repository.Operations
        from kernel in ScratchSubject.Kernels
        select new TestCaseData(operation, kernel);

    [TestCaseSource(nameof(EveryOperationAndKernel))]
    public void TheEngineAnswersRight(string operation, string kernel) => Bulk.Check(
        Repository.Vectors[operation], vector => vector.Case.Id, vector => Judged.Problem(Judge.Run(new ScratchSubject(kernel), vector.Question)));

    [Test]
    public void TheEngineHasEveryOperationThatHasCases() => Assert.That(
        ScratchSubject.Operations, Is.EquivalentTo(Repository.Operations));

    [Test]
    public void EveryCaseIsStoredAndEveryStoredVectorHasACase() => Assert.That(
        Repository.Fixtures.Vectors().Select(vector => vector.Case.Id), Is.EquivalentTo(Repository.Cases.Select(entry => entry.Id)));
}
