using System.Text.Json;
using Conformance.Cli;
using Conformance.Cli.Shared;
using Conformance.Suite.Protocol;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;
using Conformance.Tests.Suite.Protocol;

namespace Conformance.Tests.Cli.Check;

/// <summary><c>check --command</c> as a person types it: verdicts, notes, exit codes, and what is kept.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CheckCommandLineTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [SetUp]
    public void RequirePython() => Python.Require();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void AProgramIsJudgedUnderItsName()
    {
        using var engine = new Misbehaving("banner");
        var (exit, output, error) = Check(engine.CommandLine);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero, error);
            Assert.That(output, Does.Contain("20 of 20 pass"));
            Assert.That(error, Does.StartWith("note: misbehaving printed 'Loading the library"));
            Assert.That(Results().GetProperty("engine").GetString(), Is.EqualTo("misbehaving"));
            Assert.That(engine.Left, Is.Empty);
        });
    }

    [Test, Category("Long")]
    public void WhatItSaysOfItselfReachesNoTerminal()
    {
        var (exit, output, error) = Check(new Misbehaving("error", "relu/n2c3h4w5").CommandLine, "--json");
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(
            Check(new Misbehaving("exit", "relu/n2c3h4w5").CommandLine).Out,
            Does.Contain("again:  tools/conformance check --case relu/n2c3h4w5 --command '"));
        foreach (var text in new[]
        {
            Check(new Misbehaving("rude-name").CommandLine).Out, Check(new Misbehaving("exit", "relu/n2c3h4w5").CommandLine).Out, output, error
        })
            Assert.That(text.Where(letter => char.IsControl(letter) && letter != '\n'), Is.Empty);
        Assert.That(Results().GetProperty("summary").GetProperty("error").GetInt32(), Is.EqualTo(1));
    }

    /// <summary>On the console and in each file; a recording tells it again.</summary>
    [TestCase("exit", "dies in 1 of 20 cases: the engine ended with exit code 7")]
    [TestCase("hang", "gives no answer in 1 of 20 cases: no answer within 2 s", Category = "Long")]
    [TestCase("number", "answers with what is no reply in 1 of 20 cases: expected a JSON object, got 42", Category = "Long")]
    [TestCase("error", "throws in 1 of 20 cases: the engine reports an error: ", Category = "Long")]
    public void WhatAProgramDidIsCalledByItsName(string mode, string said)
    {
        var record = _directory.File("record.jsonl");
        using var engine = new Misbehaving(mode, "relu/n2c3h4w5");
        var (_, output, _) = Run(
            "check", "--op", "relu", "--command", engine.CommandLine, "--timeout", "2", "--record", record, "--out", _directory.Path);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Contain(said));
            foreach (var file in new[] { "report.html", "summary.md", "junit.xml", "results.json" })
                Assert.That(File.ReadAllText(_directory.File(file)), Does.Contain(said[..said.IndexOf(':', StringComparison.Ordinal)]), file);
            Assert.That(Run("check", "--op", "relu", "--replay", record, "--out", _directory.Path).Out, Does.Contain(said));
        });
    }

    [Test]
    public void OneThatDoesNotStartIsExitCode3()
    {
        var (exit, _, error) = Check(new Misbehaving("die-on-start").CommandLine);
        Assert.That((exit, error.TrimEnd().Split('\n')), Is.EqualTo((3, new[] { error.TrimEnd() })));
        Assert.That(error, Does.EndWith("no greeting: the engine ended with exit code 1; last on stderr: ImportError: no module named layers\n"));
        Assert.That(File.Exists(_directory.File("results.json")), Is.False);
    }

    [Test]
    public void OfSeveralOneThatDoesNotStartLeavesTheOthers()
    {
        var (exit, output, error) = Check(
            new Misbehaving("die-on-start").CommandLine, "--command", new Misbehaving("none").CommandLine, "--name", "broken", "--name", "whole");
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(3));
            Assert.That(error, Does.Contain("ImportError"));
            Assert.That(output, Does.Contain("20 of 20 pass"));
        });
    }

    [Test, Category("Long")]
    public void ARecordIsJudgedAgainWithoutTheProgram()
    {
        var record = _directory.File("record.jsonl");
        Assert.That(Check(new Misbehaving("exit", "relu/n2c3h4w5").CommandLine, "--record", record).ExitCode, Is.EqualTo(1));
        var before = Cases();
        Assert.That(File.ReadLines(record).Count(), Is.GreaterThan(20));
        var (exit, output, _) = Run("check", "--op", "relu", "--replay", record, "--out", _directory.Path);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1));
            Assert.That(output, Does.Contain("19 of 20 pass"));
            Assert.That(Cases(), Is.EqualTo(before));
        });
    }

    [Test, Category("Long")]
    public void ARecordHasNoAnswerToOtherQuestions()
    {
        var record = _directory.File("record.jsonl");
        Assert.That(Check(new Misbehaving("none").CommandLine, "--record", record).ExitCode, Is.Zero);
        Assert.That(
            Run("check", "--case", "relu/n2c3h4w5", "--seed", "9", "--replay", record, "--out", _directory.Path).Out,
            Does.Contain("the transcript has other numbers for this case"));
        Assert.That(
            Run("check", "--case", "relu/n1c1h2w2", "--replay", record, "--out", _directory.Path).Out,
            Does.Contain("this case is not in the transcript"));
    }

    [Test]
    public void ARecordingNeverReplacesWhatItFinds()
    {
        File.WriteAllText(_directory.File("mine.py"), "mine");
        var (exit, _, error) = Check(new Misbehaving("none").CommandLine, "--record", _directory.File("mine.py"));
        Assert.That((exit, File.ReadAllText(_directory.File("mine.py"))), Is.EqualTo((2, "mine")), error);
        Assert.That(error, Does.Contain("is not overwritten"));
        Assert.That(Check(new Misbehaving("none").CommandLine, "--record", _directory.Path).ExitCode, Is.EqualTo(2));
    }

    [Test]
    public void ACaseThatCannotBeReadLeavesEarlierResults()
    {
        Check(new Misbehaving("none").CommandLine);
        var before = File.ReadAllText(_directory.File("results.json"));
        Assert.That(Run("check", "--case", "relu/typo", "--out", _directory.Path).ExitCode, Is.EqualTo(2));
        Assert.That(File.ReadAllText(_directory.File("results.json")), Is.EqualTo(before));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("{\"engine\":\"a\",\"request\":{\"id\":\"b\"},\"failure\":\"c\"}")]
    [TestCase("hello")]
    public void ADamagedRecordIsExitCode2(string text)
    {
        var record = _directory.File("record.jsonl");
        File.WriteAllText(record, text);
        var (exit, _, error) = Run("check", "--replay", record, "--out", _directory.Path);
        Assert.That((exit, error.Contains("as `check --record` writes it", StringComparison.Ordinal)), Is.EqualTo((2, true)), error);
    }

    [TestCase("--kernel: not together with --command", "--command", "a", "--kernel", "fast")]
    [TestCase("--replay: not together with --command", "--command", "a", "--replay", "b")]
    [TestCase("--name: expected one for each --command, 1, got 2", "--command", "a", "--name", "b", "--name", "c")]
    [TestCase("--name b: expected a name of its own for each engine", "--command", "a", "--command", "a", "--name", "b", "--name", "b")]
    [TestCase("--jobs: only together with --command", "--jobs", "2")]
    [TestCase("--command python3 'a: the quote ' has no end", "--command", "python3 'a")]
    [TestCase("--command : expected a program and its arguments, got none", "--command", "")]
    [TestCase("--timeout: expected a number above 0, at most 86400, got '0'", "--command", "a", "--timeout", "0")]
    [TestCase("--timeout: expected a number above 0, at most 86400, got '1e9'", "--command", "a", "--timeout", "1e9")]
    [TestCase("--jobs: expected a whole number from 1 to 1024, got '5000'", "--command", "a", "--jobs", "5000")]
    [TestCase("--seed: expected a whole number from 1 to 2147483647, got '99999999999'", "--seed", "99999999999")]
    [TestCase("error: no-such-file: there is no such file", "--replay", "no-such-file")]
    [TestCase("error: .: expected a file, and it is a directory", "--replay", ".")]
    [TestCase("error: nope.txt: there is no such file", "--known-failures", "nope.txt")]
    [TestCase(@"\u001b[31m", "--case", "relu/\u001b[31mred")]
    [TestCase(@"unknown option '--\u001b[31m'", "--\u001b[31m")]
    public void WrongUseIsOneLineAndExitCode2(string message, params string[] args)
    {
        var (exit, _, error) = Run(["check", "--out", _directory.Path, .. args]);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(2));
            Assert.That(error, Does.Contain(message).IgnoreCase);
            Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
            Assert.That(error, Does.Not.Contain("\u001b"), "no terminal obeys it");
        });
    }

    /// <summary>The run's own report would take its place.</summary>
    [TestCase("results.json")]
    [TestCase("anna/junit.xml")]
    public void ARecordingIsNotWhereAReportGoes(string name)
    {
        var (exit, _, error) = Check(new Misbehaving("none").CommandLine, "--record", _directory.File(name));
        Assert.That((exit, error), Is.EqualTo(
            (2, $"error: --record {_directory.File(name)}: a report of this run has that name in --out {_directory.Path}. Give another file.\n")));
        Assert.That(Directory.EnumerateFileSystemEntries(_directory.Path), Is.Empty);
    }

    /// <summary>Few cases say little of an engine that takes few geometries.</summary>
    [Test]
    public void AQuickRunThatDidNotSeeAllSaysSo()
    {
        using var engine = new Misbehaving("unsupported", "relu/n2c3h4w5");
        var (_, output, error) = Run("check", "--quick", "--op", "relu", "--command", engine.CommandLine, "--out", _directory.Path);
        var judged = Results().GetProperty("cases").EnumerateArray().Count(one => one.GetProperty("verdict").GetString() == "unsupported");
        Assert.That(error.Contains("note: --quick asks ", StringComparison.Ordinal), Is.EqualTo(judged > 0), output);
    }

    [Test]
    public void CancellationLeavesWhatWasJudgedUntilThen()
    {
        File.WriteAllText(_directory.File("results.json"), "complete");
        using var cancel = new CancellationTokenSource();
        using var engine = new Misbehaving("hang", "relu/n5c7"); // the sixth in the file
        var press = Task.Run(() =>
        {
            engine.AwaitHang();
            cancel.Cancel();
        });
        var (exit, _, error) = Shell.Run(
            new NoReference(), cancel.Token, "check", "--op", "relu", "--command", engine.CommandLine, "--timeout", "600",
            "--record", _directory.File("record.jsonl"), "--out", _directory.Path);
        press.GetAwaiter().GetResult();
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(ExitCode.Interrupted));
            Assert.That(error, Does.StartWith("interrupted: 5 cases were judged until then, and stand in "));
            Assert.That(File.ReadAllText(_directory.File("results.json")), Is.EqualTo("complete"), "what was there is not replaced");
            Assert.That(File.Exists(_directory.File("record.jsonl")), Is.False);
            Assert.That(File.ReadAllLines(_directory.File("record.jsonl.interrupted")), Has.Length.GreaterThan(5));
            Assert.That(
                File.ReadAllText(_directory.File("interrupted/junit.xml")),
                Does.Contain("errors=\"1\"").And.Contain("interrupted after 5 cases"));
            foreach (var file in new[] { "summary.md", "report.html", "badge.svg" })
                Assert.That(File.ReadAllText(_directory.File("interrupted/" + file)), Does.Contain("interrupted"), file);
            Assert.That(Results("interrupted/results.json").GetProperty("interrupted").GetBoolean());
            Assert.That(Results("interrupted/results.json").GetProperty("cases").GetArrayLength(), Is.EqualTo(5));
            Assert.That(Results("interrupted/results.json").GetProperty("summary").GetProperty("pass").GetInt32(), Is.EqualTo(5));
            Assert.That(engine.Left, Is.Empty);
        });
    }

    /// <summary>Before the first case nothing is there to keep, and the gate takes no part for the whole.</summary>
    [Test]
    public void WhatWasInterruptedIsNeverTakenForWhole()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.That(Run("check", "--case", "relu/n1c1h1w7", "--out", _directory.Path).ExitCode, Is.Zero);
        var before = File.ReadAllText(_directory.File("results.json"));
        var (exit, _, error) = Shell.Run(new NoReference(), cancel.Token, "check", "--op", "relu", "--out", _directory.Path);
        Assert.That((exit, error), Is.EqualTo((130, "interrupted: no case was judged until then, and nothing was written\n")));
        Assert.That(File.ReadAllText(_directory.File("results.json")), Is.EqualTo(before));

        var part = _directory.File("part.json");
        File.WriteAllText(part, before.Replace("\"cases\":", "\"interrupted\": true, \"cases\":", StringComparison.Ordinal));
        Assert.That(
            Run("check", "--gate", "--case", "relu/n1c1h1w7", "--baseline", part, "--out", _directory.Path),
            Is.EqualTo((2, "", $"error: --baseline {part}: that run was interrupted after 2 cases; expected the results of a complete one\n")));

        foreach (var (name, text) in new[] { ("a", before), ("b", File.ReadAllText(part)) })
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(_directory.File("in/" + name)).FullName, "results.json"), text);
        var merged = Run("report", "--merge", _directory.File("in"), "--out", _directory.File("out"));
        Assert.That(merged.Out, Does.Contain("1 engines; details"));
        Assert.That(merged.Error, Does.EndWith("results.json: left out: the run was interrupted after 2 cases\n"));
    }

    /// <summary>Two engines of one name are two, whatever they are asked for.</summary>
    [Test]
    public void TwoEnginesOfOneNameAreToldApartInARecording()
    {
        var record = _directory.File("record.jsonl");
        using var right = new Misbehaving("carriage-return", "relu/n2c3h4w5");
        using var wrong = new Misbehaving("number", "relu/n2c3h4w5");
        string[] chosen = ["--case", "relu/n2c3h4w5", "--out", _directory.Path];
        Run(["check", "--command", wrong.CommandLine, "--command", right.CommandLine, "--record", record, .. chosen]);
        var (exit, output, error) = Run(["check", "--replay", record, .. chosen]);
        Assert.That((exit, error), Is.EqualTo((1, "")), output);
        Assert.That(output, Does.Match(@"misbehaving \(2\) +1 +0 +0").And.Match(@"misbehaving +0 +1 +0"));
    }

    /// <summary>The disk is full. That is no verdict: no case fails by it, and earlier results stay.</summary>
    [Test]
    [Platform("Linux")]
    public void AFullDiskIsTheSuitesOwnTrouble()
    {
        var record = _directory.File("record.jsonl");
        File.WriteAllText(_directory.File("results.json"), "before");
        File.CreateSymbolicLink($"{record}.{Environment.ProcessId}.tmp", "/dev/full");
        using var engine = new Misbehaving("none");
        var (exit, output, error) = Check(engine.CommandLine, "--record", record);
        Assert.Multiple(() =>
        {
            Assert.That((exit, output), Is.EqualTo((3, "")));
            Assert.That(error, Does.StartWith($"error: recording to {record}: No space left on device").And.EndWith("not judged\n"));
            Assert.That(File.ReadAllText(_directory.File("results.json")), Is.EqualTo("before"));
            Assert.That(File.Exists(record), Is.False);
            Assert.That(engine.Left, Is.Empty);
        });
    }

    [Test]
    [Platform("Linux")]
    public void WithoutBubblewrapASandboxIsSaidToBeMissing()
    {
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "Conformance.Cli.dll");
        Assert.That(
            Programs.Run(
                Environment.ProcessPath!, ["exec", program, "check", "--sandbox", "--command", "engine", "--out", _directory.Path], "", ("PATH", "")),
            Is.EqualTo((3, "", "error: --sandbox: needs bubblewrap, and there is no bwrap on PATH. On Debian and Ubuntu: apt-get install bubblewrap\n")));
    }

    private (int ExitCode, string Out, string Error) Check(string command, params string[] more) =>
        Run(["check", "--op", "relu", "--command", command, "--timeout", "30", "--out", _directory.Path, .. more]);

    private static (int ExitCode, string Out, string Error) Run(params string[] args) => Shell.Run(null!, args);

    private JsonElement Results(string file = "results.json") => JsonDocument.Parse(File.ReadAllText(_directory.File(file))).RootElement;

    private IEnumerable<string> Cases() =>
        [.. Results().GetProperty("cases").EnumerateArray()
            .Select(one => $"{one.GetProperty("id")} {one.GetProperty("verdict")} {one.GetProperty("message")}")];
}
