using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Conformance.Cli;
using Conformance.Cli.Predict;
using Conformance.Cli.Shared;
using Conformance.Cli.Train;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Networks;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Data;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Cli.Train;

/// <summary><c>train</c> on a few images: its files, going on, and what it refuses.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TrainCommandTests() => IdxFiles.WriteVariedSet(_directory.Path, trainImages: 300, testImages: 20);

    public void Dispose() => _directory.Dispose();

    [Test]
    public void ItWritesItsFilesAndSaysHowGoodItIs()
    {
        var (exit, output, error) = Train("--epochs", "2");
        Assert.That(exit, Is.EqualTo(0), error);
        Assert.That(error, Does.Contain("epoch 1/2  loss ").And.Contain("epoch 2/2  loss "));
        Assert.That(output, Does.Contain("lenet-plain, seed 1: ").And.Contain("of 20 test images after epoch 2, the last"));
        Assert.That(
            File.ReadAllLines(InOut("metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("epoch").GetInt32()),
            Is.EqualTo(new[] { 1, 2 }));
        using var results = JsonDocument.Parse(File.ReadAllText(InOut("results.json")));
        Assert.That(results.RootElement.GetProperty("epochs").GetArrayLength(), Is.EqualTo(2));
        Assert.That(WeightsFile.Load(InOut("weights.safetensors")).Model.Name, Is.EqualTo("lenet"));
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

    /// <summary>The same figures in every form, and all forms cut back to the checkpoint by <c>--resume</c>.</summary>
    [Test]
    public void TheMetricsAreThereForScriptsSpreadsheetsTensorBoardAndPeople()
    {
        Assert.That(Train("--epochs", "2").ExitCode, Is.EqualTo(0));
        var lines = File.ReadAllLines(InOut("metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        var rows = File.ReadAllLines(InOut("metrics.csv")).Select(row => row.Split(',')).ToList();
        Assert.That(rows, Has.Count.EqualTo(3).And.All.Length.EqualTo(rows[0].Length));
        var loss = Array.IndexOf(rows[0], "train_loss");
        Assert.That(
            rows.Skip(1).Select(row => double.Parse(row[loss], CultureInfo.InvariantCulture)),
            Is.EqualTo(lines.Select(line => line.GetProperty("trainLoss").GetDouble())));
        Assert.That(rows[1][Array.IndexOf(rows[0], "validation_loss")], Is.Empty, "there is no validation split");

        var scalars = Scalars();
        Assert.That(
            scalars.Where(scalar => scalar.Tag == "loss/train"),
            Is.EqualTo(lines.Select(line => (line.GetProperty("steps").GetInt32(), "loss/train", (float)line.GetProperty("trainLoss").GetDouble()))));
        Assert.That(
            scalars.Select(scalar => scalar.Tag).Distinct(),
            Is.EquivalentTo(new[] { "accuracy/train", "loss/train", "accuracy/test", "loss/test", "gradient_norm", "learning_rate", "seconds" }));

        var page = XDocument.Parse(File.ReadAllText(InOut("report.html")).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.That(page.Descendants("svg").Count(svg => (string?)svg.Attribute("role") == "img"), Is.EqualTo(4));
        Assert.That(
            page.Descendants("table").First(table => (string?)table.Attribute("class") == "confusion").Descendants("td")
                .Sum(cell => int.Parse(cell.Value, CultureInfo.InvariantCulture)),
            Is.EqualTo(20),
            "each test image once");
        using var results = JsonDocument.Parse(File.ReadAllText(InOut("results.json")));
        var wrong = Math.Min(40, (int)Math.Round(20 * (1 - results.RootElement.GetProperty("testAccuracy").GetDouble())));
        Assert.That(page.Descendants("img").Count(), Is.EqualTo(wrong), "a picture of each mistake");

        File.AppendAllText(InOut("metrics.csv"), "3,");
        var events = File.ReadAllBytes(InOut(EventFile.Name));
        File.WriteAllBytes(InOut(EventFile.Name), [.. events, 1, 2, 3]);
        Assert.That(Train("--epochs", "2", "--resume").ExitCode, Is.EqualTo(0));
        Assert.That(File.ReadAllLines(InOut("metrics.csv")), Has.Length.EqualTo(3));
        Assert.That(File.ReadAllBytes(InOut(EventFile.Name)), Is.EqualTo(events));
    }

    [Test]
    public void ALossThatIsNoNumberStopsItAndTheLastCheckpointStays()
    {
        File.WriteAllText(
            _directory.File("mine.json"), (Preset.Resolve("lenet-plain") with { Optimizer = new("sgd", 1e12), Schedule = null }).ToJson());
        var (exit, _, error) = Train("--preset", _directory.File("mine.json"), "--checkpoint-every", "1");
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((1, 1)), error);
        Assert.That(error, Does.Match("step [2-5].*(NaN|Infinity)").And.Match("conv|fc"));
        Assert.That(Safetensors.Load(InOut("checkpoint.safetensors")).Metadata["steps"], Does.Match("^[1-4]$"));
    }

    [Test]
    public void EvaluateSaysHowGoodTheWeightsAre()
    {
        Assert.That(Train("--epochs", "1").ExitCode, Is.EqualTo(0));
        var accuracy = JsonDocument.Parse(File.ReadAllText(InOut("results.json"))).RootElement.GetProperty("testAccuracy").GetDouble();
        var (exit, output, error) = Evaluate("--weights", InOut("weights.safetensors"));
        Assert.That(exit, Is.EqualTo(0), error);
        Assert.That(
            output,
            Does.StartWith(string.Create(CultureInfo.InvariantCulture, $"accuracy           {100 * accuracy:F2} % (")).And.Contain("weighted avg")
                .And.Contain("What 20 images can say"));
        var results = JsonDocument.Parse(File.ReadAllText(_directory.File("evaluated/results.json"))).RootElement;
        Assert.That(results.GetProperty("accuracy").GetDouble(), Is.EqualTo(accuracy));
        Assert.That(results.GetProperty("mistakes").GetArrayLength(), Is.EqualTo(20 - results.GetProperty("correct").GetInt32()));
        Assert.That(File.ReadAllText(_directory.File("evaluated/report.html")), Does.Contain("class=\"confusion\""));

        Assert.That(Evaluate("--weights", InOut("weights.safetensors"), "--limit", "5").Out, Does.Contain(" of 5)"));
        Assert.That(
            Evaluate("--weights", InOut("weights.safetensors"), "--limit", "21").Error,
            Does.Contain("--limit: expected at most the 20 images of"));
        Assert.That(
            Evaluate("--weights", _directory.File("none")),
            Is.EqualTo((2, "", $"error: {_directory.File("none")}: expected a safetensors file, but there is no such file\n")));
    }

    /// <summary>An IDX file, a PNG and a pipe of either say the same of the same image.</summary>
    [Test]
    public void PredictTakesIdxPngAndAPipe()
    {
        Assert.That(Train("--epochs", "1").ExitCode, Is.EqualTo(0));
        var test = ImageSet.Load(_directory.File("t10k-images-idx3-ubyte"), _directory.File("t10k-labels-idx1-ubyte"));
        var png = _directory.File("four.png");
        File.WriteAllBytes(png, Png.Write(test.Image(4), 28, 28));
        File.WriteAllBytes(_directory.File("dark.png"), Png.Write(test.Image(4).ToArray().Select(pixel => (byte)(255 - pixel)).ToArray(), 28, 28));
        File.WriteAllBytes(_directory.File("small.png"), Png.Write(new byte[20], 4, 5));
        File.WriteAllText(_directory.File("text"), "hello");

        var lines = Predict(_directory.File("t10k-images-idx3-ubyte")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var expected = Predictions.Compute(WeightsFile.Load(InOut("weights.safetensors")), test, "test");
        Assert.That(lines, Has.Length.EqualTo(20));
        Assert.That(
            lines.Select((line, i) => line.StartsWith(
                $"{_directory.File("t10k-images-idx3-ubyte")}[{i}]: {expected.Each[i].Class} (", StringComparison.Ordinal)),
            Has.All.True);
        var four = lines[4].Split(": ")[1];
        Assert.That(Predict(png).Output, Is.EqualTo($"{png}: {four}\n"));
        Assert.That(Predict(_directory.File("dark.png"), "--invert").Output, Is.EqualTo($"{_directory.File("dark.png")}: {four}\n"));
        var json = JsonDocument.Parse(Predict(png, "--json").Output).RootElement;
        Assert.That(json.GetProperty("probabilities").EnumerateArray().Sum(one => one.GetDouble()), Is.EqualTo(1).Within(1e-9));
        var (_, piped, _) = Programs.Run(
            "bash", ["-c", $"dotnet '{typeof(CommandLine).Assembly.Location}' predict --weights '{InOut("weights.safetensors")}' - < '{png}'"]);
        Assert.That(piped, Is.EqualTo($"standard input: {four}\n"));

        Assert.That(
            Predict(_directory.File("small.png")),
            Is.EqualTo((2, "", $"error: {_directory.File("small.png")}: expected images as the network takes them, 28×28, got 4×5; "
                + "--center takes pictures of any size\n")));
        Assert.That(
            Predict(_directory.File("text")).Error,
            Does.Contain("expected a PNG or an IDX file of images, got a text that begins with 'hello'"));
        Assert.That(Predict(_directory.File("none")).Error, Does.Contain("expected a PNG or an IDX file, but there is none"));

        (int Exit, string Output, string Error) Predict(params string[] arguments) =>
            Programs.Conformance(["predict", "--weights", InOut("weights.safetensors"), .. arguments]);
    }

    [Test]
    public void ABatchOfOneImageThatBatchNormCantTakeIsSaidBeforeTraining()
    {
        File.WriteAllText(_directory.File("net.json"), """
            { "conformance": 1, "name": "n", "input": [1, 28, 28], "layers": [ { "name": "flatten", "type": "flatten" }, { "name": "fc", "type": "linear", "out_features": 10 }, { "name": "bn", "type": "batch_norm1d" } ] }
            """);
        var (exit, _, error) = Train("--model", _directory.File("net.json"), "--batch", "13");
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.Contain("300 images in batches of 13 leave a batch of one image").And.Contain("drop_last"));
        Assert.That(Train("--model", _directory.File("net.json"), "--batch", "14", "--epochs", "1").ExitCode, Is.EqualTo(0));
    }

    [Test]
    public void WithPatienceItStopsAndKeepsTheBestWeightsOfTheValidationSplit()
    {
        var preset = Preset.Resolve("lenet-000") with { Epochs = 50, Validation = 40, Patience = 2 };
        File.WriteAllText(_directory.File("mine.json"), preset.ToJson());
        var (exit, output, error) = Train("--preset", _directory.File("mine.json"));
        Assert.That(exit, Is.EqualTo(0), error);
        using var results = JsonDocument.Parse(File.ReadAllText(InOut("results.json")));
        var validation = results.RootElement.GetProperty("epochs").EnumerateArray()
            .Select(line => line.GetProperty("validation").GetProperty("accuracy").GetDouble()).ToList();
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
    [TestCase(new[] { "--set", "mnits" }, "--set: expected mnist or fashion-mnist, got 'mnits'")]
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
        var json = Preset.Resolve("lenet-000").ToJson().Replace(text, other, StringComparison.Ordinal);
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

    /// <summary>One bit of one weight, the last of its mantissa: it would train on, to other weights.</summary>
    [Test]
    public void AChangedBitOfACheckpointIsSeen()
    {
        Assert.That(Train("--epochs", "2").ExitCode, Is.EqualTo(0));
        var bytes = File.ReadAllBytes(InOut("checkpoint.safetensors"));
        bytes[^1000] ^= 1;
        File.WriteAllBytes(InOut("checkpoint.safetensors"), bytes);
        var (exit, _, error) = Train("--epochs", "2", "--resume");
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.Contain("checksum"));
    }

    [TestCase("5", "ends in [5]")]
    [TestCase("20", "ends in [20]")]
    public void ANetworkOfOtherThanTenClassesIsSaidBeforeTraining(string classes, string message)
    {
        File.WriteAllText(_directory.File("net.json"), $$"""
            { "conformance": 1, "name": "n", "input": [1, 28, 28], "layers": [ { "name": "flatten", "type": "flatten" }, { "name": "fc", "type": "linear", "out_features": {{classes}} } ] }
            """);
        var (exit, _, error) = Train("--model", _directory.File("net.json"));
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.Contain(message));
    }

    [Test]
    public void WeightsThatAreNoNumbersAreRefusedAndWhatATrainingLeftIsNotReplaced()
    {
        Assert.That(Train("--epochs", "1").ExitCode, Is.EqualTo(0));
        var file = Safetensors.Load(InOut("weights.safetensors"));
        var wrong = file.Tensors.ToDictionary(
            tensor => tensor.Key,
            tensor => tensor.Key == "fc2.weight"
                ? tensor.Value with { Data = Enumerable.Repeat((byte)0xff, tensor.Value.Data.Length).ToArray() }
                : tensor.Value);
        File.WriteAllBytes(_directory.File("nan.safetensors"), new Safetensors(wrong, file.Metadata).ToBytes());
        Assert.That(
            Evaluate("--weights", _directory.File("nan.safetensors")),
            Is.EqualTo((2, "", $"error: {_directory.File("nan.safetensors")}: fc2.weight: expected finite numbers, got NaN\n")));
        Assert.That(Evaluate("--weights", ""), Is.EqualTo((2, "", "error: --weights: expected a file, got an empty name\n")));
        var (_, _, error) = Shell.Run(
            new FakeSides(), "evaluate", "--data", _directory.Path, "--weights", InOut("weights.safetensors"), "--out", InOut(""));
        Assert.That(error, Does.Contain("the report and the results of a training are there"));
        File.Delete(InOut("checkpoint.safetensors"));
        Assert.That(Train("--epochs", "1").Error, Does.Contain("there is a training already"));
    }

    /// <summary>Its name and its network are right, and it is another training's.</summary>
    [Test]
    public void ItDoesNotGoOnBesideForeignWeights()
    {
        Assert.That(Train("--epochs", "1").ExitCode, Is.EqualTo(0));
        var own = File.ReadAllBytes(InOut("weights.safetensors"));
        var lenet = NamedNetworks.Resolve("lenet");
        File.WriteAllBytes(_directory.File("bare.safetensors"), WeightsFile.ToBytes(lenet, lenet.Build(1)));
        Assert.That(Shell.Run(
            new FakeSides(), "train", "--data", _directory.Path, "--out", _directory.File("other"), "--epochs", "1", "--seed", "2").ExitCode,
            Is.Zero);
        foreach (var foreign in new[] { _directory.File("bare.safetensors"), _directory.File("other/weights.safetensors") })
        {
            File.Copy(foreign, InOut("weights.safetensors"), overwrite: true);
            var (exit, _, error) = Train("--epochs", "1", "--resume");
            Assert.That(exit, Is.EqualTo(2), foreign);
            Assert.That(error, Does.Contain("expected the weights of epoch 1 of this training, got those of another"));
        }
        File.WriteAllBytes(InOut("weights.safetensors"), own);
        Assert.That(Train("--epochs", "1", "--resume").ExitCode, Is.Zero);
    }

    [Test]
    public void ItDoesNotGoOnWithOtherImages()
    {
        Assert.That(Train("--epochs", "1").ExitCode, Is.EqualTo(0));
        byte next = 0;
        IdxFiles.WriteSet(_directory.Path, trainImages: 300, testImages: 20, () => next += 43);
        var (exit, _, error) = Train("--epochs", "1", "--resume");
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.Contain("belongs to a training on other images or labels"));
    }

    [Test]
    public void EveryPresetIsRightAndItsModelIsThere()
    {
        Assert.That(Preset.Names, Is.SupersetOf(new[] { "lenet-000", "configurations-001", "loops-002", "xavier-003", "lenet-plain" }));
        foreach (var preset in Preset.Names.Select(Preset.Resolve))
        {
            Assert.That(NamedNetworks.Resolve(preset.Model).Layers, Is.Not.Empty);
            Assert.That(Preset.Parse(preset.ToJson(), "again").ToJson(), Is.EqualTo(preset.ToJson()));
        }
    }

    /// <summary>What a reader that shares no code with the writer finds in the event file.</summary>
    private List<(int Step, string Tag, float Value)> Scalars()
    {
        var (exit, output, error) = Programs.Run(
            Programs.Python(), [Path.Combine(Repository.Root, "conformance-tests", "read-events.py"), InOut(EventFile.Name)]);
        Assert.That(exit, Is.Zero, error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Select(part => (int.Parse(part[0], CultureInfo.InvariantCulture), part[1], float.Parse(part[2], CultureInfo.InvariantCulture)))];
    }

    private (int ExitCode, string Out, string Error) Evaluate(params string[] arguments) =>
        Shell.Run(new FakeSides(), ["evaluate", "--data", _directory.Path, "--out", _directory.File("evaluated"), .. arguments]);

    private string[] Arguments => ["train", "--data", _directory.Path, "--out", InOut("")];

    private string InOut(string name) => _directory.File(name.Length == 0 ? "out" : $"out/{name}");

    private (int ExitCode, string Out, string Error) Train(params string[] arguments) => Shell.Run(new FakeSides(), [.. Arguments, .. arguments]);
}
