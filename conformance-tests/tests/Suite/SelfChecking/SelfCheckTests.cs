using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.SelfChecking;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.SelfChecking;

/// <summary>The suite against its own bank, on one operation; the command runs it on all.</summary>
[Parallelizable]
internal sealed class SelfCheckTests
{
    private static readonly Progress<(int, int)> Silent = new();

    [Test]
    public void EveryMistakeOfAnOperationIsKilledAndNamed()
    {
        var check = KillMatrix.Run(Wrong.Questions("leaky_relu"), [new OracleSubject(Summation.Pairwise)], Silent, default);
        Assert.Multiple(() =>
        {
            Assert.That(check.Rows, Has.Count.EqualTo(AllOperations.Named("leaky_relu").Defects.Count + StaleDefects.Of("leaky_relu").Count()));
            Assert.That(check.Rows.Where(row => !row.IsKilled || !row.IsDiagnosed).Select(row => row.Defect.Id), Is.Empty);
            Assert.That(check.FalseAlarms, Is.Empty);
            Assert.That(check.Ambiguous, Is.Empty);
        });
    }

    [Test]
    public void AnEngineThatIsWrongIsAFalseAlarm() =>
        Assert.That(KillMatrix.Run(Wrong.Questions("relu"), [Wrong.With("relu.mask-missing")], Silent, default).FalseAlarms, Is.Not.Empty);

    [Test]
    public void OneKillIsNotEnough()
    {
        var row = KillMatrix.Row(
            AllOperations.DefectOf("relu.mask-missing"),
            [Wrong.Questions("relu").First(question => question.Case.Catches.Contains("relu.mask-missing"))],
            new());
        Assert.Multiple(() =>
        {
            Assert.That(row.Clear, Has.Count.EqualTo(1));
            Assert.That(row.IsKilled, Is.False);
        });
    }

    [TestCaseSource(nameof(Conducts))]
    public void AMistakeOfBehaviourIsKilledAndNamed(string id)
    {
        var row = KillMatrix.Row(
            BehaviourDefects.All.Single(conduct => conduct.Id == id), [.. BehaviourDefects.TriedOn.SelectMany(Wrong.Questions)], Wrong.Bank);
        Assert.Multiple(() =>
        {
            Assert.That(row.IsKilled);
            Assert.That(row.Diagnosis, Is.EqualTo(id));
        });
    }

    private static IEnumerable<string> Conducts => BehaviourDefects.All.Select(conduct => conduct.Id);
}
