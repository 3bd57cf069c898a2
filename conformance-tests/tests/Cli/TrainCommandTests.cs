using System.Text.Json;
using Conformance.Cli.Training;
using Conformance.Engine;

namespace Conformance.Tests.Cli;

/// <summary><c>train</c> on a few images: its files, going on, and what it refuses.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TrainCommandTests()
    {
        byte next = 0;
        IdxFiles.WriteSet(_directory.Path, trainImages: 300, testImages: 20, () => next += 41);
    }

    public void Dispose() => _directory.Dispose();

    [Test]
    public void ItWritesItsFilesAndSaysHowGoodItIs()
    {
        var (exit, output, error) = Train("--epochs", "2");
        Assert.That(exit, Is.EqualTo(0), error);
        Assert.That(error, Does.Contain("epoch 1/2  loss ").And.Contain("epoch 2/2  loss "));
        Assert.That(output, Does.Contain("lenet-plain, seed 1: ").And.Contain("of 20 test images after epoch 2, the last"));
        Assert.That(File.ReadAllLines(InOut("metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("epoch").GetInt32()), Is.EqualTo(new[] { 1, 2 }));
        using var results = JsonDocument.Parse(File.ReadAllText(InOut("results.json")));
        Assert.That(results.RootElement.GetProperty("epochs").GetArrayLength(), Is.EqualTo(2));
        StateDict.Load(LeNet.Create(1), Safetensors.Load(InOut("weights.safetensors")).Tensors, "weights");
    }

    [Test]
    public void InterruptedItWritesACheckpointAndGoesOnToTheSameWeights()
    {
        Assert.That(Train("--epochs", "3").ExitCode, Is.EqualTo(0));
        var whole = File.ReadAllBytes(InOut("weights.safetensors"));
        Directory.Delete(InOut(""), recursive: true);

        using (var cancelled = new CancellationTokenSource())
        {
            cancelled.Cancel();
            var (exit, _, error) = Shell.Run(new FakeSides(), cancelled.Token, [.. Arguments, "--epochs", "3"]);
            Assert.That((exit, error), Is.EqualTo((130, $"interrupted; the checkpoint is written, and --resume goes on with it: {InOut("")}\n")));
        }
        Assert.That(Train("--epochs", "3").Error, Does.Contain("there is a training already. Give --resume"));
        Assert.That(Train("--epochs", "3", "--resume").ExitCode, Is.EqualTo(0));
        Assert.That(File.ReadAllBytes(InOut("weights.safetensors")), Is.EqualTo(whole));
        var lines = File.ReadAllText(InOut("metrics.jsonl"));
        Assert.That(lines.Count(c => c == '\n'), Is.EqualTo(3));

        File.WriteAllText(InOut("metrics.jsonl"), lines + "half a li");
        Assert.That(Train("--epochs", "3", "--resume").ExitCode, Is.EqualTo(0), "at the end there is nothing left to do");
        Assert.That(File.ReadAllText(InOut("metrics.jsonl")), Is.EqualTo(lines), "cut back to the checkpoint");
    }

    [Test]
    public void WithPatienceItStopsAndKeepsTheBestWeightsOfTheValidationSplit()
    {
        var preset = Preset.Of("lenet-000") with { Epochs = 50, Validation = 40, Patience = 2 };
        File.WriteAllText(_directory.File("mine.json"), preset.ToJson());
        var (exit, output, error) = Train("--preset", _directory.File("mine.json"));
        Assert.That(exit, Is.EqualTo(0), error);
        using var results = JsonDocument.Parse(File.ReadAllText(InOut("results.json")));
        var validation = results.RootElement.GetProperty("epochs").EnumerateArray().Select(line => line.GetProperty("validation").GetProperty("accuracy").GetDouble()).ToList();
        var best = validation.IndexOf(validation.Max()) + 1;
        Assert.That(results.RootElement.GetProperty("bestEpoch").GetInt32(), Is.EqualTo(best));
        Assert.That(validation, Has.Count.EqualTo(Math.Min(50, best + 2)));
        Assert.That(output, Does.Contain($"after epoch {best}, the best of the validation split"));
    }

    [TestCase(new[] { "--preset", "nope" }, "--preset: expected a name (")]
    [TestCase(new[] { "--preset", "nope.json" }, "--preset nope.json: expected a JSON file, but there is none")]
    [TestCase(new[] { "--model", "nope" }, "model: expected a name")]
    [TestCase(new[] { "--train-limit", "301" }, "--train-limit: expected at most the 300 images that are there to train on, got 301")]
    [TestCase(new[] { "--epochs", "0" }, "--epochs: expected a whole number from 1 to 2147483647, got '0'")]
    [TestCase(new[] { "--kernel", "slow" }, "slow")]
    public void WhatIsWrongIsSaidInALine(string[] arguments, string message)
    {
        var (exit, _, error) = Train(arguments);
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.Contain(message));
    }

    [TestCase("\"batch\": 64", "\"batch\": 0", "mine.json: batch: expected a whole number above 0, got 0")]
    [TestCase("\"batch\": 64", "\"batch\": 64, \"bath\": 1", "bath")]
    [TestCase("\"type\": \"sgd\"", "\"type\": \"sdg\"", "optimizer.type: expected sgd, adam, adamw, got 'sdg'")]
    [TestCase("\"momentum\": 0.9", "\"momentum\": 1.5", "expected a momentum from 0 to below 1")]
    [TestCase("\"validation\": 5000,", "", "patience: expected a validation split to watch")]
    public void AWrongPresetIsSaidInALine(string text, string other, string message)
    {
        var json = Preset.Of("lenet-000").ToJson().Replace(text, other, StringComparison.Ordinal);
        File.WriteAllText(_directory.File("mine.json"), json);
        var (exit, _, error) = Train("--preset", _directory.File("mine.json"));
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.Contain(message));
    }

    [Test]
    public void ADamagedCheckpointIsSaidInALineAndStays()
    {
        Assert.That(Train("--epochs", "1").ExitCode, Is.EqualTo(0));
        var bytes = File.ReadAllBytes(InOut("checkpoint.safetensors"))[..^1];
        File.WriteAllBytes(InOut("checkpoint.safetensors"), bytes);
        var (exit, _, error) = Train("--epochs", "1", "--resume");
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.Contain("checkpoint.safetensors").And.Contain("bytes of data"));
        Assert.That(File.ReadAllBytes(InOut("checkpoint.safetensors")), Is.EqualTo(bytes));
        Assert.That(Train("--epochs", "2", "--resume").Error, Does.Contain("bytes of data").Or.Contain("other settings"));
    }

    [Test]
    public void EveryPresetIsRightAndItsModelIsThere()
    {
        Assert.That(Preset.Names, Is.SupersetOf(new[] { "lenet-000", "configurations-001", "loops-002", "xavier-003", "lenet-plain" }));
        foreach (var preset in Preset.Names.Select(Preset.Of))
        {
            Assert.That(NetworkDefinition.Of(preset.Model).Layers, Is.Not.Empty);
            Assert.That(Preset.Parse(preset.ToJson(), "again").ToJson(), Is.EqualTo(preset.ToJson()));
        }
    }

    private string[] Arguments => ["train", "--data", _directory.Path, "--out", InOut("")];

    private string InOut(string name) => _directory.File(name.Length == 0 ? "out" : $"out/{name}");

    private (int ExitCode, string Out, string Error) Train(params string[] arguments) => Shell.Run(new FakeSides(), [.. Arguments, .. arguments]);
}
