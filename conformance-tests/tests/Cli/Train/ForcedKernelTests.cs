using Conformance.Engine.Checkpoints;
using Conformance.Engine.Kernels;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Data;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Train;

/// <summary>The environment may force other kernels on a training than its options ask for. A checkpoint names those that computed.</summary>
[NonParallelizable]
internal sealed class ForcedKernelTests
{
    [Test]
    public void ACheckpointNamesTheKernelsThatComputedAndOthersDoNotGoOn()
    {
        using var directory = new TemporaryDirectory();
        IdxFiles.WriteVariedSet(directory.Path, trainImages: 40, testImages: 20);
        string[] arguments = ["train", "--preset", "lenet-plain", "--data", directory.Path, "--out", directory.File("out"), "--epochs", "1"];
        try
        {
            Environment.SetEnvironmentVariable(KernelChoice.Variable, "clear");
            var (exit, _, error) = Shell.Run(new FakeSides(), [.. arguments, "--kernel", "fast"]);
            Assert.That(exit, Is.EqualTo(0), error);
            var checkpoint = Safetensors.Load(Path.Combine(directory.File("out"), "checkpoint.safetensors"));
            Assert.That(checkpoint.Metadata["kernels"], Is.EqualTo("clear"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(KernelChoice.Variable, null);
        }
        Assert.That(
            Shell.Run(new FakeSides(), [.. arguments, "--resume", "--kernel", "fast"]).Error,
            Does.Contain("belongs to a training with other settings"));
        Assert.That(Shell.Run(new FakeSides(), [.. arguments, "--resume", "--kernel", "clear"]).ExitCode, Is.EqualTo(0));
    }
}
