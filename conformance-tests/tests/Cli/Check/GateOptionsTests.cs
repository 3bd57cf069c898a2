using System.Text.Json.Nodes;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Check;

/// <summary><c>check --gate</c>: files in, exit code out.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class GateOptionsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void ARunWithoutFailuresPasses()
    {
        var (exit, output, _) = Check("--gate");
        Assert.That((exit, output.TrimEnd().Split('\n')[^1]), Is.EqualTo((0, "gate: open")));
    }

    [Test]
    public void AnEntryThatPassesClosesTheGate()
    {
        File.WriteAllText(_directory.File("known.txt"), "relu/n1c1h1w7  it is said to fail\n");
        var (exit, output, _) = Check("--gate", "--known-failures", _directory.File("known.txt"));
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1));
            Assert.That(output, Does.Contain("line 1: relu/n1c1h1w7  all 2 cases pass now"));
            Assert.That(Check("--known-failures", _directory.File("known.txt")).ExitCode, Is.Zero, "without --gate it is told, and decides nothing");
        });
    }

    [Test]
    public void ACaseThatAnEarlierRunPassedMustBeThere()
    {
        Check();
        File.Move(_directory.File("results.json"), _directory.File("earlier.json"));
        var (exit, output, _) = Check("--gate", "--baseline", _directory.File("earlier.json"), "--kernel", "fast");
        var gate = JsonNode.Parse(File.ReadAllText(_directory.File("results.json")))!["gate"]!;
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1));
            Assert.That(output, Does.Contain("passed before, and not judged now").And.Contain("(kernel clear)  not asked"));
            Assert.That((bool)gate["isOpen"]!, Is.False);
            Assert.That(gate["lost"]!.AsArray(), Is.Not.Empty);
        });
    }

    [Test]
    public void AFailureClosesTheGateAndItsOwnEntriesOpenIt()
    {
        var cases = AFailure();
        var (exit, _, _) = Check("--gate", "--cases", cases);
        File.Move(_directory.File("failures.txt"), _directory.File("known.txt"));
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1));
            Assert.That(File.ReadAllLines(_directory.File("known.txt")), Has.Length.EqualTo(2), "one for each kernel");
            Assert.That(Check("--gate", "--cases", cases, "--known-failures", _directory.File("known.txt")).ExitCode, Is.Zero);
        });
    }

    [Test]
    public void WithoutTheGateKnownFailuresAreNamedAndFailTheCheck()
    {
        var cases = AFailure();
        File.WriteAllText(_directory.File("known.txt"), "relu/*  the stored answer is changed\n");
        var (exit, output, _) = Check("--cases", cases, "--known-failures", _directory.File("known.txt"));
        var gate = JsonNode.Parse(File.ReadAllText(_directory.File("results.json")))!["gate"]!;
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1));
            Assert.That(output, Does.Contain("known to fail: 2\n  relu/n1c1h1w7 (kernel clear)  fail: the stored answer is changed\n"));
            Assert.That(
                output,
                Does.EndWith("gate: not judged; without --gate 2 known failures fail the check all the same\n").And.Not.Contain("gate: open"));
            Assert.That(File.ReadAllText(_directory.File("summary.md")), Does.Contain("`scratch` fails").And.Not.Contain("gate: open"));
            Assert.That(File.ReadAllText(_directory.File("report.html")), Does.Contain("verdict bad").And.Not.Contain("gate: open"));
            Assert.That((bool)gate["decides"]!, Is.False);
        });
    }

    [Test]
    public void AnOpenGateIsNoFailureInAnyReport()
    {
        var cases = AFailure();
        File.WriteAllText(_directory.File("known.txt"), "relu/*  the stored answer is changed\n");
        var (exit, output, _) = Check("--gate", "--cases", cases, "--known-failures", _directory.File("known.txt"));
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero);
            Assert.That(output, Does.EndWith("gate: open, 2 known failures\n"));
            Assert.That(File.ReadAllText(_directory.File("summary.md")), Does.Contain("`scratch` passes the gate"));
            Assert.That(File.ReadAllText(_directory.File("report.html")), Does.Not.Contain("verdict bad"));
        });
    }

    [TestCase("--known-failures", "conv2d/a\n", "line 1: expected a case id")]
    [TestCase("--baseline", "{}", "expected a results.json of `check`, version 1")]
    [TestCase("--baseline", "[]", "file: content: expected a results.json of `check`, version 1; it is none from line 1 on")]
    [TestCase("--baseline", "{\"conformance\":1,\n\"cases\":7}", "version 1; it is none from line 2 on")]
    [TestCase("--baseline", "not json", "content")]
    public void AFileThatCannotBeReadIsOneLineAndExitCode2(string option, string text, string message)
    {
        File.WriteAllText(_directory.File("file"), text);
        var (exit, _, error) = Check(option, _directory.File("file"));
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(2));
            Assert.That(error, Does.Contain(message).And.Not.Contain("System.").And.Not.Contain("Conformance."));
            Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
            Assert.That(Check(option, _directory.File("missing")).ExitCode, Is.EqualTo(2));
        });
    }

    /// <summary>The stored answer of one case, changed: our engine fails against it.</summary>
    /// <returns>The case file.</returns>
    private string AFailure()
    {
        var folder = Directory.CreateDirectory(_directory.File("own")).FullName;
        var (cases, vector) = (Path.Combine(folder, "relu.cases.json"), Path.Combine(folder, "relu", "n1c1h1w7.json"));
        Directory.CreateDirectory(Path.GetDirectoryName(vector)!);
        File.WriteAllText(
            cases,
            """{"conformance":1,"op":"relu","aspects":{"plain":"a row"},"cases":[{"case":"n1c1h1w7","why":"small","aspects":["plain"]"""
                + ""","catches":[]}]}""");
        var text = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Fixtures.Root, "relu", "n1c1h1w7.json")))!;
        text["expected"]!["outputs"]!["output"]!["data"]![0] = 77;
        File.WriteAllText(vector, text.ToJsonString());
        return cases;
    }

    private (int ExitCode, string Out, string Error) Check(params string[] args)
    {
        string[] which = args.Contains("--cases") ? [] : ["--op", "relu"];
        return Shell.Run(new FakeSides(), ["check", .. which, "--out", _directory.Path, .. args]);
    }
}
