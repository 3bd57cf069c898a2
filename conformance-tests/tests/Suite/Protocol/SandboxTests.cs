using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;
using Conformance.Suite.Running;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>An engine under bubblewrap. Where it is not installed, or may make no namespaces, these tests are skipped with the reason.</summary>
internal sealed class SandboxTests
{
    private static readonly Question Relu = Stored.Questions("relu").First(question => question.Case.Repeat == 1);

    [OneTimeSetUp]
    public void RequireBubblewrap()
    {
        Python.Require();
        if (!Sandbox.IsInstalled)
            throw Lacking.Skip("there is no bwrap on PATH (Debian: apt-get install bubblewrap)");
        var (exit, _, error) = Programs.Run("bwrap", ["--unshare-all", "--ro-bind", "/", "/", "true"]);
        if (exit != 0)
            Assert.Ignore($"bwrap may make no namespaces here: {error.TrimEnd()}");
    }

    [TestCase(true, "reaches:")]
    [TestCase(false, "reaches: network, folder, answers")]
    public void AConfinedEngineReachesNeitherNetworkNorAnswersAndWritesNowhere(bool confined, string name)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var mark = Guid.NewGuid().ToString("N");
        string[] words =
        [
            Python.Program, Misbehaving.File, "confined", "-", mark, $"{((IPEndPoint)listener.LocalEndpoint).Port}",
            Path.Combine(Repository.Fixtures.Root, "relu.cases.json"),
        ];
        try
        {
            using var subject = new ProcessSubject(new(words) { Sandbox = confined ? new([Repository.Fixtures.Root, "/no/such/folder"]) : null });
            Assert.That(subject.Name, Is.EqualTo(name));
        }
        finally
        {
            File.Delete(mark);
        }
    }

    /// <summary>Without a mark, in a session of its own, its parent gone: the suite can't find it, and the namespace ends with the engine.</summary>
    [Test]
    public void NothingThatAConfinedEngineStartsOutlivesIt()
    {
        using var engine = new Misbehaving("escape", Relu.Case.Id);
        using (var subject = new ProcessSubject(new(engine.Words) { Sandbox = new([]) }))
        {
            Assert.That(Judge.Run(subject, Relu).Verdict, Is.EqualTo(Verdict.Pass));
            Assert.That(engine.Left, Has.Count.GreaterThan(1));
        }
        Assert.That(engine.Left, Is.Empty);
    }

    [Test, Category("Long")]
    public void TheCommandLineHidesTheAnswersOfTheClone()
    {
        using var directory = new TemporaryDirectory();
        var mark = Guid.NewGuid().ToString("N");
        string[] words =
        [
            Python.Program, Misbehaving.File, "confined", "-", mark, "1", Path.Combine(Repository.Fixtures.Root, "relu.cases.json"),
        ];
        var (exit, output, error) = Programs.RunIn(
            directory.Path, Path.Combine(Repository.Root, "tools", "conformance"),
            ["check", "--op", "relu", "--sandbox", "--command", ShellWords.Joined(words), "--out", directory.File("out")]);
        Assert.That(exit, Is.Zero, output + error);
        using var results = JsonDocument.Parse(File.ReadAllText(directory.File("out/results.json")));
        Assert.That(results.RootElement.GetProperty("engine").GetString(), Is.EqualTo("reaches:"));
    }
}
