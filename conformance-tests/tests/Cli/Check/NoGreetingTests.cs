using Conformance.Cli.Shared;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Files;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Check;

/// <summary>A run whose engine can't be started or does not greet leaves reports that say so.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable]
internal sealed class NoGreetingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void EveryReportSaysThatNothingWasJudged()
    {
        var (exit, _, error) = Check();
        Assert.That(exit, Is.EqualTo(ExitCode.Missing), error);
        foreach (var name in ReportFiles.OfOne.Except(["badge.svg"]))
            Assert.That(File.ReadAllText(_directory.File(name)), Does.Contain("there is no such program"), name);
        Assert.That(File.ReadAllText(_directory.File("badge.svg")), Does.Contain("not started"));
        var results = Results.Read(_directory.File("results.json"));
        Assert.That((results.Interrupted, results.Cases.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void ItIsNoBaselineAndACompleteRunTakesItsPlace()
    {
        Check();
        var refused = Shell.Run(
            new FakeSides(), "check", "--op", "relu", "--gate", "--baseline", _directory.File("results.json"), "--out", _directory.File("gate"));
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.WrongUse));
        Assert.That(Shell.Run(new FakeSides(), "check", "--case", "relu/n1c1h1w7", "--out", _directory.Path).ExitCode, Is.Zero);
        Assert.That(Results.Read(_directory.File("results.json")).Ended, Is.Null);
    }

    [Test]
    public void ResultsOfACompleteRunStay()
    {
        Assert.That(Shell.Run(new FakeSides(), "check", "--case", "relu/n1c1h1w7", "--out", _directory.Path).ExitCode, Is.Zero);
        Check();
        Assert.Multiple(() =>
        {
            Assert.That(Results.Read(_directory.File("results.json")).Interrupted, Is.False);
            Assert.That(Results.Read(_directory.File("interrupted/results.json")).Ended, Does.Contain("there is no such program"));
        });
    }

    private (int ExitCode, string Out, string Error) Check() =>
        Shell.Run(new FakeSides(), "check", "--command", "./no-such-program", "--out", _directory.Path);
}
