using Conformance.Scratch;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;
using Conformance.Tests.Scratch;

namespace Conformance.Tests.Mutation;

/// <summary>
/// Judges a mutated engine by the stored cases with the clear kernels. There is one test per operation; it stops at the first failing case.
/// </summary>
internal sealed class ClearKernels
{
    private static IEnumerable<string> Operations => ScratchSubject.Operations;

    [TestCaseSource(nameof(Operations))]
    public void AnswersRight(string op)
    {
        foreach (var entry in CaseFile.Read(Path.Combine(Repository.Fixtures.Root, $"{op}.cases.json")).Cases)
            Assert.That(
                Judged.Problem(Judge.Run(new ScratchSubject("clear"), VectorFile.Read(Repository.Fixtures.PathOf(entry.Id)).Question)),
                Is.Null);
    }
}
