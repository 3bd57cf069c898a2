using Conformance.Cli.Train;
using Conformance.Engine.Data;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Data;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Train;

/// <summary>What <c>train</c> refuses before it trains, in a line: nothing is replaced, and nothing ends in the middle.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TrainGuardsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TrainGuardsTests() => IdxFiles.WriteVariedSet(_directory.Path, trainImages: 100, testImages: 20);

    public void Dispose() => _directory.Dispose();

    [Test]
    public void WithoutACheckpointNothingIsReplaced()
    {
        Assert.That(Train("--epochs", "1").ExitCode, Is.Zero);
        var weights = File.ReadAllBytes(_directory.File("out/weights.safetensors"));
        File.Delete(_directory.File("out/checkpoint.safetensors"));
        Refused("checkpoint.safetensors to go on from, and there is only weights.safetensors", "--epochs", "1", "--resume");
        Assert.That(File.ReadAllBytes(_directory.File("out/weights.safetensors")), Is.EqualTo(weights));
    }

    [TestCase("t10k-labels-idx1-ubyte")]
    [TestCase("t10k-images-idx3-ubyte")]
    public void ItDoesNotGoOnWithOtherTestData(string file)
    {
        Assert.That(Train("--epochs", "1").ExitCode, Is.Zero);
        Change(file);
        Refused("is measured on other test or validation images or labels", "--epochs", "1", "--resume");
    }

    /// <summary>The validation split is the end of the training set, and no image to train on.</summary>
    [Test]
    public void ItDoesNotGoOnWithAnotherValidationSplit()
    {
        var preset = Preset.Resolve("lenet-plain") with { Epochs = 1, Validation = 20 };
        File.WriteAllText(_directory.File("mine.json"), preset.ToJson());
        Assert.That(Train("--preset", _directory.File("mine.json")).ExitCode, Is.Zero);
        Change("train-labels-idx1-ubyte");
        Refused("is measured on other test or validation images or labels", "--preset", _directory.File("mine.json"), "--resume");
    }

    [Test]
    public void MoreStepsThanAreCountedAreRefused()
    {
        Refused("expected at most 1073741823 epochs of 2 steps, got 2147483647", "--epochs", "2147483647");
        Refused("expected at most 21474836 epochs of 100 steps, got 21474837", "--epochs", "21474837", "--batch", "1");
    }

    [Test]
    public void ABatchThatNoMemoryHoldsIsRefused()
    {
        File.WriteAllText(_directory.File("wide.json"), """
            { "conformance": 1, "name": "wide", "input": [1, 28, 28], "layers": [
                { "name": "conv", "type": "conv2d", "out_channels": 100000, "kernel_size": 1 },
                { "name": "pool", "type": "max_pool2d", "kernel_size": 28 },
                { "name": "flatten", "type": "flatten" }, { "name": "fc", "type": "linear", "out_features": 10 } ] }
            """);
        Refused("batch: 100 images through wide take", "--model", _directory.File("wide.json"), "--batch", "100");
    }

    [Test]
    public void ABatchOfMoreImagesThanThereAreIsOneBatch() => Assert.That(Train("--epochs", "1", "--batch", "2147483647").ExitCode, Is.Zero);

    [Test]
    public void WhatIsOddAboutTheDataIsSaidBeforeTraining()
    {
        IdxFiles.Write(_directory.File("train-labels-idx1-ubyte"), [100], new byte[100]);
        var (exit, _, error) = Train("--epochs", "1");
        Assert.That(exit, Is.Zero, error);
        Assert.That(error, Does.StartWith("warning: ").And.Contain("train-images-idx3-ubyte: all 100 labels are 0").And.Contain("epoch 1/1"));
    }

    private void Refused(string message, params string[] arguments)
    {
        var (exit, _, error) = Train(arguments);
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.StartWith("error: ").And.Contain(message));
    }

    /// <summary>The last byte becomes another one that is right there too.</summary>
    private void Change(string file)
    {
        var bytes = File.ReadAllBytes(_directory.File(file));
        bytes[^1] = (byte)((bytes[^1] + 1) % ImageSet.Classes);
        File.WriteAllBytes(_directory.File(file), bytes);
    }

    private (int ExitCode, string Out, string Error) Train(params string[] arguments) =>
        Shell.Run(new FakeSides(), ["train", "--data", _directory.Path, "--out", _directory.File("out"), .. arguments]);
}
