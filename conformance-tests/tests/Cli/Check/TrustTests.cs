using System.Text.Json.Nodes;
using Conformance.Cli.Shared;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting.Files;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Check;

/// <summary>The answers are the program's own, whatever lies around it, and files are known by what wrote them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable] // one test changes the current directory
internal sealed class TrustTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>An engine's author puts a folder of that name where the gate runs, with answers that would fail the right engine.</summary>
    [TestCase("."), TestCase("deep/below")]
    public void AFolderAroundTheRunSuppliesNoAnswer(string below)
    {
        Forged(_directory.File("fixtures"));
        var here = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Directory.CreateDirectory(_directory.File(below)).FullName);
        try
        {
            var (exit, output, error) = Run("check", "--case", "relu/n1c1h1w7", "--out", _directory.File("out"));
            Assert.That((exit, error), Is.EqualTo((0, "")), output);
            Assert.That(Run("fixtures", "show", "relu/n1c1h1w7").Out, Does.Not.Contain("77"));
        }
        finally
        {
            Directory.SetCurrentDirectory(here);
        }
    }

    [Test]
    public void OtherAnswersAreUsedWhereAnOptionNamesThemAndEveryReportSaysSo()
    {
        var forged = Forged(_directory.File("mine"));
        var (exit, output, error) = Run("check", "--fixtures", forged, "--case", "relu/n1c1h1w7", "--out", _directory.Path);
        var said = $"the answers are those of {forged}, not the suite's own: 1 vectors changed, 0 added, ";
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1), error);
            Assert.That(output, Does.StartWith(said).And.Contain("its manifest does not fit in 1 places"));
            foreach (var file in ReportFiles.OfOne.Except(["badge.svg"]))
                Assert.That(
                    File.ReadAllText(_directory.File(file)), Does.Contain("1 vectors changed"), file);
        });
        Assert.That(Run("check", "--fixtures", _directory.File("none"), "--out", _directory.Path).Error, Does.EndWith("there is no such folder\n"));
        Assert.That(
            Run("check", "--fixtures", Repository.Fixtures.Root, "--case", "relu/n1c1h1w7", "--out", _directory.Path).Out,
            Does.Not.Contain("suite's own"));
    }

    [Test]
    public void TheProgramsOwnFitTheirManifest() => Assert.That(Manifest.Problems(FixtureFolder.Packed), Is.Empty);

    [Test]
    public void TwoRunsDoNotShareADirectory()
    {
        var output = OutputDirectory.Open(_directory.Path, "results.json");
        using (output.Hold())
            Assert.That(
                Run("check", "--case", "relu/n1c1h1w7", "--out", _directory.Path),
                Is.EqualTo((2, "", $"error: --out {_directory.Path}: another run is writing there. Wait for it, or give another directory.\n")));
        Assert.That(Run("check", "--case", "relu/n1c1h1w7", "--out", _directory.Path).ExitCode, Is.Zero);
        Assert.That(Directory.EnumerateFiles(_directory.Path, ".*"), Is.Empty, "nothing is left of the lock");
    }

    [Test]
    public void WhatDeadRunsLeftIsClearedAndNothingElse()
    {
        string[] mine = ["other.json.99999999.tmp", "results.json.mine.tmp", $"results.json.{Environment.ProcessId}.tmp"];
        foreach (var name in (string[])["results.json.99999999.tmp", "probe.99999998.tmp", .. mine])
            File.WriteAllText(_directory.File(name), "half");
        OutputDirectory.Open(_directory.Path, "results.json");
        Assert.That(Directory.EnumerateFiles(_directory.Path).Select(Path.GetFileName), Is.EquivalentTo(mine));
    }

    [Test]
    public void AnEngineMayBeCalledLikeAReport() => Assert.That(
        EngineFolders.Names(["results.json", "engines.html", "Results.JSON", "shrunk-relu.cases.json", "../..", "v1.2", new string('x', 55) + ".json.x"]),
        Is.EqualTo(
            new[] { "results-json", "engines-html", "Results-JSON-2", "shrunk-relu.cases-json", "engine", "v1.2", new string('x', 55) + "-json" }));

    [Test]
    public void KnownFailuresThatThisRunWouldReplaceAreRefused()
    {
        File.WriteAllText(_directory.File("failures.txt"), "relu/*  mine\n");
        var (exit, _, error) = Run("check", "--gate", "--known-failures", _directory.File("failures.txt"), "--out", _directory.Path);
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain("this run writes that file"));
    }

    [Test]
    public void WhenTheGateOpensTheListOfFailuresGoes()
    {
        File.WriteAllText(_directory.File("failures.txt"), "of an earlier run");
        Assert.That(Run("check", "--gate", "--case", "relu/n1c1h1w7", "--out", _directory.Path).ExitCode, Is.Zero);
        Assert.That(File.Exists(_directory.File("failures.txt")), Is.False);
    }

    /// <summary>The case files of relu and conv2d, and one vector whose answer is changed.</summary>
    private static string Forged(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "relu"));
        foreach (var name in new[] { "relu.cases.json", "conv2d.cases.json", "quick.json", Manifest.FileName })
            File.Copy(Path.Combine(Repository.Fixtures.Root, name), Path.Combine(folder, name));
        var text = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Fixtures.Root, "relu", "n1c1h1w7.json")))!;
        text["expected"]!["outputs"]!["output"]!["data"]![0] = 77;
        File.WriteAllText(Path.Combine(folder, "relu", "n1c1h1w7.json"), text.ToJsonString());
        var stated = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, Manifest.FileName)))!.AsObject();
        foreach (var other in stated.Select(pair => pair.Key).Where(name => name != "relu/n1c1h1w7.json").ToArray())
            stated.Remove(other);
        File.WriteAllText(Path.Combine(folder, Manifest.FileName), stated.ToJsonString());
        return folder;
    }

    private static (int ExitCode, string Out, string Error) Run(params string[] args) => Shell.Run(new Conformance.Cli.NoReference(), default, args);
}
