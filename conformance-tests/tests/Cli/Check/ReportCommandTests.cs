using System.Text.Json;
using Conformance.Cli;
using Conformance.Suite.Reporting.Files;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Suite.Reporting;

namespace Conformance.Tests.Cli.Check;

/// <summary>What earlier runs left, as one page and as one table.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReportCommandTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void ManyEnginesBecomeOneTable()
    {
        ReportFiles.Write(_folder.File("in/anna"), [FixedRun.Report], FixedRun.Aspects);
        ReportFiles.Write(_folder.File("in/others"), [FixedRun.RightReport, FixedRun.NastyReport], FixedRun.Aspects);
        File.WriteAllText(Made("in/compare/results.json"), """{"conformance":1,"scratch":{}}""");
        var (exit, output, error) = Run("report", "--merge", _folder.File("in"), "--out", _folder.File("out"));
        Assert.That(exit, Is.Zero, error);
        Assert.That(output, Does.Contain("3 engines").And.Contain("conv2d, linear"));
        using var results = JsonDocument.Parse(File.ReadAllText(_folder.File("out/results.json")));
        Assert.That(
            results.RootElement.GetProperty("engines").EnumerateArray().Select(engine => engine.GetProperty("engine").GetString()),
            Is.EqualTo(new[] { "right", FixedRun.Nasty, "my engine" }));
        foreach (var engine in results.RootElement.GetProperty("engines").EnumerateArray())
            Assert.That(File.Exists(_folder.File("out/" + engine.GetProperty("results").GetString())), Is.True);
        Assert.That(File.ReadAllText(_folder.File("out/engines.html")), Does.Contain("href=\"../in/anna/report.html\""));
        Assert.That(File.ReadAllLines(_folder.File("out/engines.csv")), Has.Length.EqualTo(4));
    }

    [Test]
    public void ADamagedFileIsNamedAndTheOthersAreRead()
    {
        ReportFiles.Write(_folder.File("in/anna"), [FixedRun.Report], FixedRun.Aspects);
        File.WriteAllText(Made("in/ben/results.json"), "{ half");
        var (exit, output, error) = Run("report", "--merge", _folder.File("in"), "--out", _folder.File("out"));
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain(Path.Combine("ben", "results.json")));
        Assert.That(output, Does.Contain("my engine"));
    }

    [TestCase(2, "there is no such folder", "report", "--merge", "nowhere")]
    [TestCase(3, "no results beside", "report")]
    public void WhatIsMissingIsSaid(int exitCode, string message, params string[] args)
    {
        var (exit, _, error) = Run([.. args, "--out", _folder.File("empty/report")]);
        Assert.That(exit, Is.EqualTo(exitCode));
        Assert.That(error, Does.Contain(message));
    }

    [Test]
    public void TheLatestResultsAreOnePage()
    {
        ReportFiles.Write(_folder.File("check"), [FixedRun.NastyReport], FixedRun.Aspects);
        File.WriteAllText(Made("selfcheck/results.json"), """{"conformance":1,"defects":10,"killed":10,"diagnosed":9,"falseAlarms":0}""");
        File.WriteAllText(Made("compare/results.json"), """{"scratch":{"testAccuracy":[0.98,0.99]},"baseline":{"testAccuracy":[0.97]}}""");
        var (exit, output, error) = Run("report", "--out", _folder.File("report"));
        Assert.That(exit, Is.Zero, error);
        Assert.That(
            output,
            Does.Contain("4 of 8 cases pass, 1 unsupported")
                .And.Contain("10 of 10 known mistakes are caught, 9 named")
                .And.Contain("98.50 % from scratch, 97.00 % by torch")
                .And.Not.Contain("\e"));
        var page = File.ReadAllText(_folder.File("report/report.html"));
        Assert.That(page, Does.Contain("href=\"../check/report.html\"").And.Not.Contain("<script>"));
    }

    private string Made(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        return _folder.File(name);
    }

    private static (int Exit, string Out, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = CommandLine.Run(args, new(output, error, Interactive: false, Color: false), new NoReference(), CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
