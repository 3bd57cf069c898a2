using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using Conformance.Tests.Cli.Data;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Cli.Compare;

/// <summary>The real program with the real sides, on a few images of noise.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LiveCompareTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test, Category("Long")]
    public void BothSidesStartFromTheSameWeightsAndSeeTheSameBatches()
    {
        LiveTorch.Require();
        var program = Compare("--epochs", "1", "--seeds", "2", "--batch", "16", "--threads", "1", "--json")
            .ExecuteBufferedAsync().GetAwaiter().GetResult();
        Assert.That(program.ExitCode, Is.Zero, program.StandardError);
        var results = JsonNode.Parse(program.StandardOutput)!;
        var first = results["firstSteps"]!;
        Assert.That((int)first["steps"]!, Is.EqualTo(7), "all batches of the only epoch");
        Assert.That((int)first["images"]!, Is.GreaterThan(90), "few images lie at kinks");
        Assert.That((double)first["scratch"]!["worstOfLimit"]!, Is.InRange(1e-4, 1));
        Assert.That((double)first["baseline"]!["worstOfLimit"]!, Is.InRange(1e-4, 1));
        foreach (var figure in new[] { "trainLoss", "testLoss" })
        {
            double Figure(string side) => (double)results[side]!["epochs"]![1]![0]![figure]!;
            Assert.That(Figure("scratch"), Is.EqualTo(Figure("baseline")).Within(1e-3), figure + " after a few steps on the same batches");
        }
    }

    [Test, Category("Long")]
    [Platform("Linux,MacOSX")]
    public void CtrlCEndsWith130AndOneLineAndLeavesNoFile()
    {
        LiveTorch.Require();
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(1)); // kills it
        var lines = new List<string>();
        CommandTask<CommandResult>? running = null;
        running = Compare("--epochs", "1000000", "--seeds", "1", "--threads", "1").WithStandardErrorPipe(PipeTarget.ToDelegate(line =>
        {
            lines.Add(line);
            if (line.StartsWith("seed 1/1  epoch 1/", StringComparison.Ordinal)) // it is in the midst of training
                Programs.Signal(running!.ProcessId, 2);
        })).ExecuteAsync(guard.Token);
        var exit = running.GetAwaiter().GetResult().ExitCode;

        Assert.That(exit, Is.EqualTo(130));
        Assert.That(lines[0], Does.StartWith("first 50 steps: "));
        Assert.That(lines[^1], Is.EqualTo("error: interrupted; nothing was written"));
        Assert.That(Directory.EnumerateFileSystemEntries(_directory.File("out")), Is.Empty);
    }

    [Test, Category("Long")]
    public void ALearningRateThatBlowsTheWeightsUpEndsWithOneLineThatSaysWhere()
    {
        LiveTorch.Require();
        var program = Compare("--epochs", "5", "--seeds", "1", "--batch", "16", "--threads", "1", "--lr", "1000")
            .ExecuteBufferedAsync().GetAwaiter().GetResult();
        Assert.That(program.ExitCode, Is.EqualTo(1));
        var error = program.StandardError;
        Assert.That(
            error.TrimEnd().Split('\n')[^1],
            Does.Match(@"^error: trainer: expected a finite loss, got .* in step \d+: the output of \w+ \(\w+\) holds .* first"));
        Assert.That(error, Does.Not.Contain("   at "));
    }

    private Command Compare(params string[] args)
    {
        var noise = new Random(7);
        IdxFiles.WriteSet(_directory.Path, trainImages: 100, testImages: 50, () => (byte)noise.Next(256));
        return Programs.Interruptible(
            "dotnet",
            [
                Path.Combine(TestContext.CurrentContext.TestDirectory, "Conformance.Cli.Torch.dll"),
                "compare", "--data", _directory.Path, "--out", _directory.File("out"), .. args,
            ]);
    }
}
