using System.Diagnostics;
using System.Text.Json.Nodes;
using Conformance.Tests.Cli.Data;
using Conformance.Tests.Cli.Shared;

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
        using var program = Start("--epochs", "1", "--seeds", "2", "--batch", "16", "--threads", "1", "--json");
        var results = JsonNode.Parse(program.StandardOutput.ReadToEnd())!;
        program.WaitForExit();

        Assert.That(program.ExitCode, Is.Zero);
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
        using var program = Start("--epochs", "1000000", "--seeds", "1", "--threads", "1");
        using var guard = new Timer(_ => program.Kill(), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan); // exit code 137 then
        Assert.That(program.StandardError.ReadLine(), Does.StartWith("first 50 steps: "));
        Assert.That(program.StandardError.ReadLine(), Does.StartWith("seed 1/1  epoch 1/"), "it is in the midst of training");
        using (var kill = Process.Start("kill", ["-INT", program.Id.ToString()]))
            kill.WaitForExit();
        var error = program.StandardError.ReadToEnd();
        program.WaitForExit();

        Assert.That(program.ExitCode, Is.EqualTo(130));
        Assert.That(error, Does.EndWith("error: interrupted; nothing was written" + Environment.NewLine));
        Assert.That(Directory.EnumerateFileSystemEntries(_directory.File("out")), Is.Empty);
    }

    [Test, Category("Long")]
    public void ALearningRateThatBlowsTheWeightsUpEndsWithOneLineThatSaysWhere()
    {
        LiveTorch.Require();
        using var program = Start("--epochs", "5", "--seeds", "1", "--batch", "16", "--threads", "1", "--lr", "1000");
        var error = program.StandardError.ReadToEnd();
        program.WaitForExit();

        Assert.That(program.ExitCode, Is.EqualTo(1));
        Assert.That(
            error.TrimEnd().Split('\n')[^1],
            Does.Match(@"^error: trainer: expected a finite loss, got .* in step \d+: the output of \w+ \(\w+\) holds .* first"));
        Assert.That(error, Does.Not.Contain("   at "));
    }

    private Process Start(params string[] args)
    {
        var noise = new Random(7);
        IdxFiles.WriteSet(_directory.Path, trainImages: 100, testImages: 50, () => (byte)noise.Next(256));
        string[] all = [Path.Combine(TestContext.CurrentContext.TestDirectory, "Conformance.Cli.Torch.dll"),
            "compare", "--data", _directory.Path, "--out", _directory.File("out"), .. args];
        // A script in the background has SIGINT ignored, and its children inherit that: coreutils' env gives the program what a terminal would.
        var (file, first) = OperatingSystem.IsLinux() ? ("env", (string[])["--default-signal=INT", "dotnet"]) : ("dotnet", []);
        return Process.Start(new ProcessStartInfo(file, [.. first, .. all]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
