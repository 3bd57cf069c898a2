using System.Text.Json;
using Conformance.Cli;
using Conformance.Tests.Cli;

namespace Conformance.Tests.Protocol;

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

    [Test]
    public void WhatItSaysOfItselfReachesNoTerminal()
    {
        var (exit, output, error) = Check(new Misbehaving("error", "relu/n2c3h4w5").CommandLine, "--json");
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(Check(new Misbehaving("exit", "relu/n2c3h4w5").CommandLine).Out, Does.Contain("again:  tools/conformance check --case relu/n2c3h4w5 --command '"));
        foreach (var text in new[] { Check(new Misbehaving("rude-name").CommandLine).Out, Check(new Misbehaving("exit", "relu/n2c3h4w5").CommandLine).Out, output, error })
            Assert.That(text.Where(letter => char.IsControl(letter) && letter != '\n'), Is.Empty);
        Assert.That(Results().GetProperty("summary").GetProperty("error").GetInt32(), Is.EqualTo(1));
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
        var (exit, output, error) = Check(new Misbehaving("die-on-start").CommandLine, "--command", new Misbehaving("none").CommandLine, "--name", "broken", "--name", "whole");
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(3));
            Assert.That(error, Does.Contain("ImportError"));
            Assert.That(output, Does.Contain("20 of 20 pass"));
        });
    }

    [Test]
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

    [Test]
    public void ARecordHasNoAnswerToOtherQuestions()
    {
        var record = _directory.File("record.jsonl");
        Assert.That(Check(new Misbehaving("none").CommandLine, "--record", record).ExitCode, Is.Zero);
        Assert.That(Run("check", "--case", "relu/n2c3h4w5", "--seed", "9", "--replay", record, "--out", _directory.Path).Out, Does.Contain("the transcript has other numbers for this case"));
        Assert.That(Run("check", "--case", "relu/n1c1h2w2", "--replay", record, "--out", _directory.Path).Out, Does.Contain("this case is not in the transcript"));
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
    [TestCase("--timeout: expected a number above 0, got '0'", "--command", "a", "--timeout", "0")]
    [TestCase("could not find file", "--replay", "no-such-file")]
    public void WrongUseIsOneLineAndExitCode2(string message, params string[] args)
    {
        var (exit, _, error) = Run(["check", "--out", _directory.Path, .. args]);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(2));
            Assert.That(error, Does.Contain(message).IgnoreCase);
            Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public void CancellationLeavesWhatWasJudgedUntilThen()
    {
        using var cancel = new CancellationTokenSource();
        using var engine = new Misbehaving("hang", "relu/n5c7"); // the sixth in the file
        var press = Task.Run(() =>
        {
            engine.AwaitHang();
            cancel.Cancel();
        });
        var (exit, _, error) = Shell.Run(null!, cancel.Token, "check", "--op", "relu", "--command", engine.CommandLine, "--timeout", "600", "--out", _directory.Path);
        press.GetAwaiter().GetResult();
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(ExitCode.Interrupted));
            Assert.That(error, Does.StartWith("interrupted: 5 cases were judged until then, and stand in "));
            Assert.That(Results().GetProperty("interrupted").GetBoolean());
            Assert.That(Results().GetProperty("cases").GetArrayLength(), Is.EqualTo(5));
            Assert.That(Results().GetProperty("summary").GetProperty("pass").GetInt32(), Is.EqualTo(5));
            Assert.That(engine.Left, Is.Empty);
        });
    }

    private (int ExitCode, string Out, string Error) Check(string command, params string[] more) =>
        Run(["check", "--op", "relu", "--command", command, "--timeout", "30", "--out", _directory.Path, .. more]);

    private static (int ExitCode, string Out, string Error) Run(params string[] args) => Shell.Run(null!, args);

    private JsonElement Results() => JsonDocument.Parse(File.ReadAllText(_directory.File("results.json"))).RootElement;

    private IEnumerable<string> Cases() =>
        [.. Results().GetProperty("cases").EnumerateArray().Select(one => $"{one.GetProperty("id")} {one.GetProperty("verdict")} {one.GetProperty("message")}")];
}
