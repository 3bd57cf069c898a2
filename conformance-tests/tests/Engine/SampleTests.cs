using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Training;
using Conformance.Scratch;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Engine;

/// <summary>The samples of the engine's page: each block there is one between two lines of dashes here, and is run.</summary>
internal sealed class SampleTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "engine", "README.md"));

    [Test]
    public void EverySampleOfThePageIsOneThatRunsHere()
    {
        var source = File.ReadAllLines(Path.Combine(Repository.Root, "conformance-tests", "tests", "Engine", "SampleTests.cs"));
        var samples = Blocks(source, line => line.Trim() == "// ----").Where((_, i) => i % 2 == 1).Select(Unindented).ToArray();
        var shown = Blocks(Page.Split('\n'), line => line.StartsWith("```", StringComparison.Ordinal))
            .Where((_, i) => i % 2 == 1).Select(Unindented).Where(block => block.Contains(';')).ToArray();

        Assert.That(samples, Has.Length.EqualTo(6));
        Assert.That(shown, Is.EqualTo(samples));
    }

    [Test]
    public void ALayerAlone()
    {
        // ----
        var conv = new Conv2d(inChannels: 1, outChannels: 2, kernelSize: 3, padding: 1);
        Initialization.HeNormal().Fill(conv.Parameters, seed: 1);

        float[] image = new float[28 * 28], output = new float[2 * 28 * 28], gradient = new float[28 * 28];
        conv.Forward(image, [1, 1, 28, 28], output);
        conv.Backward(output, gradient); // the gradient of a loss for the output goes in, that for the input comes out
        ReadOnlySpan<float> weightGradient = conv.Weight.Gradient.Span;
        // ----
        Assert.That(weightGradient.Length, Is.EqualTo(18));
        image[0] = 1;
        conv.Forward(image, [1, 1, 28, 28], output);
        Assert.That(output[0], Is.EqualTo(conv.Weight.Value.Span[4]), "the middle of the kernel lies on the only pixel");
    }

    [Test]
    public void ANetworkTrained()
    {
        var (train, test) = (Fill.Images(600), Fill.Images(200));
        // ----
        var net = new Sequential(
            ("conv", new Conv2d(1, 8, 3)), ("relu", new ReLU()), ("pool", new MaxPool2d(2)),
            ("flatten", new Flatten()), ("fc", new Linear(8 * 13 * 13, 10)));
        Initialization.HeNormal().Fill(net.Parameters, seed: 1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, learningRate: 0.02f, momentum: 0.9f));
        var order = new BatchOrder(seed: 1);
        for (int epoch = 0; epoch < 3; epoch++)
            trainer.TrainEpoch(train, order.Permutation(epoch, train.Count), batchSize: 64);
        Console.WriteLine($"{trainer.Evaluate(test).Accuracy:P1}");
        // ----
        Assert.That(trainer.Evaluate(test).Accuracy, Is.GreaterThan(0.95));
    }

    [Test]
    public void Weights()
    {
        using var directory = new Cli.Shared.TemporaryDirectory();
        var (net, other, path) = (LeNet.Create(1), LeNet.Create(2), directory.File("weights.safetensors"));
        // ----
        File.WriteAllBytes(path, new Safetensors(StateDict.FromModule(net), new Dictionary<string, string>()).ToBytes());
        StateDict.Load(other, Safetensors.Load(path).Tensors, path); // all or nothing: the state of another network is refused
        // ----
        Assert.That(
            other.Parameters.Select(parameter => parameter.Value.ToArray()),
            Is.EqualTo(net.Parameters.Select(parameter => parameter.Value.ToArray())));
    }

    [Test]
    public void ATrainingThatCanStop()
    {
        var (net, train) = (LeNet.Create(1), Fill.Images(100));
        var optimizer = new Sgd(net.Parameters, learningRate: 0.02f);
        using var trainer = new Trainer(net, optimizer);
        // ----
        var plan = new TrainingPlan(Epochs: 2, Batch: 64, Seed: 1) { Augmentation = new() { Rotation = 10, Shift = 2 } };
        var run = new TrainingRun(net, optimizer, trainer, train, plan);
        while (!run.Done)
            if (run.Step() is { } epoch)
                Console.WriteLine($"epoch {run.Epoch}: {epoch.Accuracy:P1}");
        byte[] file = run.Checkpoint().ToBytes();
        // ----
        var again = LeNet.Create(2);
        var itsOptimizer = new Sgd(again.Parameters, learningRate: 0.02f);
        using var itsTrainer = new Trainer(again, itsOptimizer);
        var resumed = new TrainingRun(again, itsOptimizer, itsTrainer, train, plan);
        resumed.Resume(Safetensors.Read(file, "file"), "file");
        Assert.That(resumed.Done, Is.True);
        Assert.That(
            again.Parameters.Select(parameter => parameter.Value.ToArray()),
            Is.EqualTo(net.Parameters.Select(parameter => parameter.Value.ToArray())));
    }

    // ----
    /// <summary>max(x, 0), by hand.</summary>
    private sealed class MyReLU() : CustomLayer("relu")
    {
        protected override int[] OutputShape(ReadOnlySpan<int> imageShape) => imageShape.ToArray();

        protected override void ForwardImage(ReadOnlySpan<float> input, Span<float> output)
        {
            for (int i = 0; i < input.Length; i++)
                output[i] = input[i] <= 0 ? 0 : input[i];
        }

        protected override void BackwardImage(
            ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
        {
            for (int i = 0; i < input.Length; i++)
                inputGradient[i] = input[i] <= 0 ? 0 : outputGradient[i];
        }
    }
    // ----

    [Test]
    public void ACustomLayerJudged()
    {
        var fixtures = Repository.Fixtures;
        var printed = new List<string>();
        void Print(CaseReport report) => printed.Add($"{report.Verdict}");
        // ----
        var mine = new LayerSubject("mine", ("relu", _ => new MyReLU()));
        foreach (var vector in fixtures.Vectors().Where(vector => vector.Case.Op == "relu"))
            Print(Judge.Run(mine, vector.Question));
        // ----
        Assert.That(printed, Has.Count.EqualTo(20).And.All.EqualTo("Pass"));
    }

    private static List<string[]> Blocks(string[] lines, Func<string, bool> isMark)
    {
        List<string[]> blocks = [];
        List<string> block = [];
        foreach (var line in lines)
        {
            if (!isMark(line))
            {
                block.Add(line);
                continue;
            }
            blocks.Add([.. block]);
            block.Clear();
        }
        blocks.Add([.. block]);
        return blocks;
    }

    private static string Unindented(string[] block)
    {
        var indent = block.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', block.Select(line => line.Length > 0 ? line[indent..] : line));
    }
}
