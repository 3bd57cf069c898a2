using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Oracle;

/// <summary>
/// Proves the claims of the case files by the oracle alone: each case separates each of its defects from right, with its stored fills and with
/// others.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class ClaimsTests
{
    private static IEnumerable<TestCaseData> Claiming() =>
        Repository.Operations.Where(operation => Repository.CasesOf(operation).Any(entry => entry.Catches.Count > 0))
            .Select(operation => LongOnes.Operations.AsTest(operation));

    [TestCaseSource(nameof(Claiming))]
    public void ACaseTellsItsDefectsFromRight(string operation) => Bulk.Check(Repository.CasesOf(operation), entry => entry.Id, entry =>
    {
        var question = Question.AnsweredByTheOracle(entry.Draw());
        var like = entry.Catches.Where(id => !(Separation.Measure(question, AllOperations.DefectOf(id)) >= Separation.Least(question.Case.Tier)))
            .ToArray();
        return like.Length == 0 ? null : $"too like the right answer: {string.Join(", ", like)}";
    });
}
