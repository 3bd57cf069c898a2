using System.Diagnostics;
using System.IO.Pipes;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>Our own engine behind the protocol: in this process, and as a program.</summary>
[NonParallelizable]
internal sealed class ServeTests
{
    private static readonly string Cli = Path.Combine(Repository.Root, "artifacts", "bin", "Conformance.Cli", Configuration, "Conformance.Cli.dll");

#if DEBUG
    private const string Configuration = "debug";
#else
    private const string Configuration = "release";
#endif

    [TestCase("batch_norm2d")]
    [TestCase("cross_entropy")]
    [TestCase("adam")]
    [TestCase("lenet")]
    [TestCase("max_pool2d")]
    public void WhatPassesDirectlyPassesOverTheProtocol(string operation)
    {
        using var piped = new Piped(new ScratchSubject("clear"));
        foreach (var question in Stored.Questions(operation))
        {
            var report = Judge.Run(piped, question);
            Assert.That(report.Verdict, Is.EqualTo(Verdict.Pass), () => FailureText.Render(report));
        }
    }

    /// <summary>
    /// The processor time that the protocol adds on both sides, over the whole bank: writing, reading, and back. A busy machine changes processor
    /// time little.
    /// </summary>
    [Test, Category("Long")]
    public void OurSideTakesAtMostTwoMilliseconds()
    {
        var questions = Repository.Fixtures.Vectors().Select(vector => vector.Question).Where(question => question.Case.Refused is null).ToArray();
        var answers = questions.ToDictionary(question => question.Case.Id, question => question.Expected);
        using var piped = new Piped(new Remembering(answers));
        foreach (var question in questions)
            piped.Run(question.Case);
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        foreach (var question in questions)
            piped.Run(question.Case);
        var each = (Environment.CpuUsage.TotalTime - used).TotalMilliseconds / questions.Length;
        TestContext.Out.WriteLine(
            $"{each:0.00} ms a case on both sides, {Stopwatch.GetElapsedTime(start).TotalMilliseconds / questions.Length:0.00} ms by the clock");
        Assert.That(each, Is.LessThan(2 * 2));
    }

    [Test]
    public void TheProgramServesAndIsJudged()
    {
        using var directory = new TemporaryDirectory();
        var (exit, output, error) = Shell.Run(
            null!, "check", "--op", "sgd", "--command", $"dotnet '{Cli}' serve --kernel fast", "--timeout", "60", "--out", directory.Path);
        Assert.That((exit, error), Is.EqualTo((0, "")), output);
        Assert.That(output, Does.Contain("28 of 28 pass"));
    }

    /// <summary>A real Ctrl-C to the real program, while its engine hangs.</summary>
    [TestCase(2)]
    [TestCase(15)]
    public void AnInterruptedProgramLeavesItsResultsAndNoProcess(int signal)
    {
        Python.Require();
        using var directory = new TemporaryDirectory();
        using var engine = new Misbehaving("hang", "relu/n5c7");
        var check = Programs.Interruptible(
            "dotnet", Cli, "check", "--op", "relu", "--command", engine.CommandLine, "--timeout", "600", "--out", directory.Path)
            .ExecuteBufferedAsync();
        engine.AwaitHang();
        var (ended, seconds) = Ended(check, signal);
        TestContext.Out.WriteLine($"{seconds:0.00} s to end");
        using var results = JsonDocument.Parse(File.ReadAllText(directory.File("interrupted/results.json")));
        Assert.Multiple(() =>
        {
            Assert.That(ended.ExitCode, Is.EqualTo(130), ended.StandardError);
            Assert.That(seconds, Is.LessThan(3)); // two, and a busy machine
            Assert.That(results.RootElement.GetProperty("cases").GetArrayLength(), Is.EqualTo(5));
            Assert.That(engine.Left, Is.Empty);
        });
    }

    /// <summary>A command that waits for its input never looks whether it was interrupted.</summary>
    [TestCase(2, "serve"), TestCase(15, "serve")]
    [TestCase(15, "summary", "--model", "FIFO.json")]
    [TestCase(2, "check", "--op", "linear", "--random", "10000", "--out", "OUT")]
    [TestCase(15, "report", "--merge", "OUT", "--out", "MERGED")]
    [Category("Long")]
    [Platform("Linux")]
    public void OneSignalEndsWhateverItDoes(int signal, params string[] args)
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("OUT"));
        foreach (var fifo in new[] { directory.File("FIFO.json"), directory.File("OUT/results.json") })
            Programs.Run("mkfifo", [fifo]);
        var program = Programs.Interruptible("dotnet", [Cli, .. args]).WithWorkingDirectory(directory.Path)
            .WithStandardInputPipe(PipeSource.Create((_, cancel) => Task.Delay(Timeout.Infinite, cancel))).ExecuteBufferedAsync();
        Thread.Sleep(1000); // until it waits
        var (ended, seconds) = Ended(program, signal);
        Assert.That((ended.ExitCode, seconds < 3), Is.EqualTo((130, true)), ended.StandardError);
    }

    /// <summary>How a program ended after a signal, and the seconds until it did.</summary>
    private static (BufferedCommandResult Result, double Seconds) Ended(CommandTask<BufferedCommandResult> program, int signal)
    {
        Programs.Signal(program.ProcessId, signal);
        var start = Stopwatch.GetTimestamp();
        Assert.That(program.Task.Wait(10_000), "it has ended");
        return (program.Task.Result, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    [Test, Category("Long")]
    [Platform("Linux")]
    public void AProgramThatIsKilledLeavesNoEngine()
    {
        Python.Require();
        using var directory = new TemporaryDirectory();
        using var engine = new Misbehaving("hang", "relu/n5c7");
        var check = Programs.Command(
            "dotnet", Cli, "check", "--op", "relu", "--command", engine.CommandLine, "--timeout", "600", "--out", directory.Path)
            .ExecuteBufferedAsync();
        engine.AwaitHang();
        Ended(check, 9);
        for (var wait = 0; engine.Left.Count > 0 && wait < 100; wait++)
            Thread.Sleep(20);
        Assert.That(engine.Left, Is.Empty);
    }

    /// <summary>A subject behind the protocol, over pipes in memory.</summary>
    private sealed class Piped : WireSubject, IDisposable
    {
        private readonly Conversation _conversation;

        public Piped(ISubject subject)
        {
            var (to, from) = (new AnonymousPipeServerStream(PipeDirection.Out), new AnonymousPipeServerStream(PipeDirection.In));
            var input = new AnonymousPipeClientStream(PipeDirection.In, to.ClientSafePipeHandle);
            var output = new AnonymousPipeClientStream(PipeDirection.Out, from.ClientSafePipeHandle);
            new Thread(() => ProtocolServer.Run(subject, input, output)) { IsBackground = true }.Start();
            _conversation = new(to, from);
            var greeting = Greeting.Read(Asked(Greeting.Ours, 1 << 16));
            (Name, Declares) = (greeting.Name, greeting.Declares);
        }

        public override string Name { get; }

        public override Declaration Declares { get; }

        public override string? Options => null;

        public void Dispose() => _conversation.Close();

        internal override Reply Answer(string operation, string id, byte[] request, int longest) => Reply.Read(Asked(request, longest), id);

        private byte[] Asked(byte[] line, int longest)
        {
            _conversation.Send(line, longest, TimeSpan.FromMinutes(1), default);
            return _conversation.Next(TimeSpan.FromMinutes(1), default).Bytes;
        }
    }

    /// <summary>Knows the answers, and takes no time.</summary>
    private sealed class Remembering(Dictionary<string, LayerResult> answers) : ISubject
    {
        public string Name => "remembering";

        public LayerResult Run(LayerCase layerCase) => answers[layerCase.Id.Split('#')[0]];
    }
}
