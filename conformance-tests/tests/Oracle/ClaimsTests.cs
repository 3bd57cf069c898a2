using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Oracle;

/// <summary>What the case files claim, proved by the oracle alone: each case tells each of its defects from right, with its stored fills and with others.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class ClaimsTests
{
    private static IEnumerable<CaseEntry> Claiming() => Repository.Fixtures.Cases().Where(entry => entry.Catches.Count > 0);

    [TestCaseSource(nameof(Claiming))]
    public void ACaseTellsItsDefectsFromRight(CaseEntry entry)
    {
        var question = Question.AnsweredByTheOracle(entry.Draw());
        foreach (var id in entry.Catches)
            Assert.That(Separation.Measure(question, AllOperations.DefectOf(id)), Is.GreaterThanOrEqualTo(Separation.Least(question.Case.Tier)), id);
    }
}
