using Conformance.Oracle;
using Conformance.Suite;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting;

namespace Conformance.Tests.Suite.Running;

/// <summary>The suite as a test framework drives it: names, outcomes, known failures, reports.</summary>
internal sealed class ConformanceRunTests
{
    private static readonly Defect MaskMissing = AllOperations.DefectOf("relu.mask-missing");

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("conformance-run-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void EveryCaseIsNamedWithoutReadingAVector()
    {
        Assert.That(Right().Cases.Select(name => name.Id), Is.EqualTo(Repository.Cases.Select(entry => entry.Id)));
        Assert.That(
            new ConformanceRun(new OracleSubject(Summation.Reversed)) { Operations = ["relu"] }.Cases,
            Has.All.Property("Id").StartsWith("relu/"));
        Assert.That(new ConformanceRun(new OracleSubject(Summation.Reversed)) { Quick = true }.Cases, Has.Count.LessThan(300));
    }

    [Test]
    public void AnOperationThatIsNotThereIsNamed() =>
        Assert.That(
            () => new ConformanceRun(new DefectSubject(MaskMissing)) { Operations = ["rleu"] }.Cases,
            Throws.ArgumentException.With.Message.Contains("unknown operation 'rleu'"));

    [Test]
    public void ARightEngineHasNoFailure()
    {
        var run = Wrong("linear");
        Assert.That(run.Cases.Select(run.Judge).Where(outcome => outcome.Failure is not null || outcome.Skipped is not null), Is.Empty);
        Assert.That(run.JudgesAnything());
    }

    [Test]
    public void AFailureNamesItsCauseAndItsCase()
    {
        var run = Wrong("relu");
        var failed = run.Cases.Select(run.Judge).First(outcome => outcome.Failure is not null);
        Assert.That(
            failed.Failure,
            Does.Contain("relu.mask-missing").And.Contain(failed.Report.Question.Case.Id).And.Contain("elements wrong")
                .And.Not.Contain("tools/conformance"));
    }

    [Test]
    public void WhatIsNotOfferedIsSkippedNeverPassed()
    {
        var run = new ConformanceRun(new Offering()) { Operations = ["relu"] };
        Assert.That(run.Judge(run.Cases[0]).Skipped, Is.EqualTo("unsupported: not yet"));
        Assert.That(run.JudgesAnything(), Is.False);
    }

    [Test]
    public void AKnownFailureIsSkippedAndOneThatPassesFails()
    {
        var all = Wrong("relu");
        var (failing, passing) =
            (all.Cases.First(name => all.Judge(name).Failure is not null), all.Cases.First(name => all.Judge(name).Failure is null));
        var file = Path.Combine(_folder, "known.txt");
        File.WriteAllText(file, $"{failing.Id}  the mask\n{passing.Id}  a lie\nrelu/none  nothing\n");
        var run = new ConformanceRun(new DefectSubject(MaskMissing)) { Operations = ["relu"], KnownFailures = file };
        Assert.Multiple(() =>
        {
            Assert.That(run.Judge(failing), Has.Property("Failure").Null.And.Property("Skipped").Contains("known failure: the mask"));
            Assert.That(run.Judge(passing).Failure, Does.Contain("line 2").And.Contain("remove the line"));
            Assert.That(
                run.StaleKnownFailures()!.Split('\n'),
                Has.Length.EqualTo(2).And.Some.Contains("it passes now").And.Some.Contains("no such case"));
        });
    }

    [Test]
    public void TheReportsAreThoseOfTheCommandLine()
    {
        var run = Wrong("relu");
        foreach (var name in run.Cases)
            run.Judge(name);
        var written = run.Write(_folder);
        var results = Results.Read(Path.Combine(_folder, Results.FileName));
        Assert.Multiple(() =>
        {
            Assert.That(written, Has.Some.EqualTo(Path.Combine(_folder, Results.FileName)).And.All.Exist);
            Assert.That(results.SuiteHash, Is.EqualTo(Repository.Fixtures.Hash()));
            Assert.That(results.Cases.Select(one => one.Id), Is.EqualTo(run.Cases.Select(name => name.Id)));
            Assert.That(results.Diagnoses.Select(one => one.Id), Is.EqualTo(new[] { MaskMissing.Id }));
        });
    }

    [Test]
    public void WhereNothingWasJudgedNothingIsWritten() => Assert.That(Right().Write(Path.Combine(_folder, "none")), Is.Empty);

    private static ConformanceRun Right() => new(new OracleSubject(Summation.Reversed));

    private static ConformanceRun Wrong(string op) => new(new DefectSubject(MaskMissing)) { Operations = [op] };

    private sealed class Offering : ISubject
    {
        public string Name => "nothing";

        public LayerResult Run(LayerCase layerCase) => throw new NotSupportedException("not yet");
    }
}
