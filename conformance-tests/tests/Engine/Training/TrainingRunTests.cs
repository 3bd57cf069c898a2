using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Schedules;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Training;

/// <summary>A run that stops and goes on ends in the bits of one that never stopped.</summary>
internal sealed class TrainingRunTests
{
    private const string Net = """
        { "conformance": 1, "name": "small", "input": [1, 8, 8], "layers": [
          { "name": "conv", "type": "conv2d", "out_channels": 3, "kernel_size": 3, "bias": false }, { "name": "bn", "type": "batch_norm2d" }, { "name": "relu", "type": "relu" },
          { "name": "flatten", "type": "flatten" }, { "name": "dropout", "type": "dropout", "p": 0.3 }, { "name": "fc", "type": "linear", "out_features": 10 } ] }
        """;

    private static readonly ImageSet _data = Data(100);

    /// <summary>Stopped after every step there is, under every optimiser, with another number of threads afterwards.</summary>
    [Test]
    public void ItGoesOnToTheSameBits([Values("sgd", "adam", "adamw", "augmented")] string optimizer, [Values(1, 2, 3, 8)] int threads)
    {
        var whole = Run(optimizer, 1, stopAfter: int.MaxValue, null).Checkpoint;
        for (int stop = 0; stop <= 12; stop++)
        {
            var half = Run(optimizer, 1, stop, null).Checkpoint;
            var (resumed, steps) = Run(optimizer, threads, int.MaxValue, Safetensors.Read(half.ToBytes(), "file"));
            Assert.That(steps, Is.EqualTo(12 - stop));
            Assert.That(resumed.Metadata, Is.EqualTo(whole.Metadata), $"stopped after {stop}");
            foreach (var (name, tensor) in whole.Tensors)
                Assert.That(resumed.Tensors[name].Data.Span.SequenceEqual(tensor.Data.Span), $"{name}, stopped after {stop}");
        }
    }

    [TestCase("batch", "31", "the batch size")]
    [TestCase("seed", "4", "the seed")]
    [TestCase("epochs", "2", "the number of epochs")]
    [TestCase("optimizer", "adam", "the optimiser")]
    [TestCase("train_images", "99", "the number of training images")]
    [TestCase("epoch", "4", "epoch: expected a whole number from 0 to 3, got '4'")]
    [TestCase("images", "100", "images: expected a whole number from 0 to 99")]
    [TestCase("loss", "NaN", "loss: expected a finite number")]
    [TestCase("dropout.step", "-1", "dropout.step: expected a whole number")]
    [TestCase("steps", null, "there is no 'steps'")]
    public void ACheckpointOfSomethingElseChangesNothing(string name, string? text, string message)
    {
        var checkpoint = Run("sgd", 1, 5, null).Checkpoint;
        var metadata = new Dictionary<string, string>(checkpoint.Metadata);
        if (text is null)
            metadata.Remove(name);
        else
            metadata[name] = text;
        var net = NetworkReader.Parse(Net, "net").Build(3);
        var optimizer = Create("sgd", net);
        using var trainer = new Trainer(net, optimizer, 1);
        var run = new TrainingRun(net, optimizer, trainer, _data, Plan);
        var before = run.Checkpoint();
        Assert.That(
            () => run.Resume(checkpoint with { Metadata = metadata }, "file"),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
        Assert.That(run.Checkpoint().ToBytes(), Is.EqualTo(before.ToBytes()));
    }

    [Test]
    public void EveryImageIsSeenOnceAnEpochAndTheLastBatchMayBeLeftOut()
    {
        foreach (var (dropLast, images, steps) in new[] { (false, 100, 4), (true, 90, 3) })
        {
            var net = NetworkReader.Parse(Net, "net").Build(3);
            var optimizer = Create("sgd", net);
            using var trainer = new Trainer(net, optimizer, 1);
            var run = new TrainingRun(net, optimizer, trainer, _data, Plan with { DropLast = dropLast });
            TrainingSums? epoch = null;
            while (epoch is null)
                epoch = run.Step();
            Assert.That((epoch.Value.Images, run.Steps, run.Epoch), Is.EqualTo((images, steps, 1)));
        }
    }

    private static TrainingPlan Plan => new(Epochs: 3, Batch: 30, Seed: 3) { Schedule = new OneCycleSchedule(0.05, 12) };

    private static (Safetensors Checkpoint, int Steps) Run(string kind, int threads, int stopAfter, Safetensors? from)
    {
        var net = NetworkReader.Parse(Net, "net").Build(3);
        var optimizer = Create(kind, net);
        using var trainer = new Trainer(net, optimizer, threads);
        var run = new TrainingRun(
            net, optimizer, trainer, _data,
            kind == "augmented" ? Plan with { Augmentation = new() { Rotation = 20, Shift = 1, ElasticAlpha = 4, PixelJitter = 0.1 } } : Plan);
        if (from is not null)
            run.Resume(from, "file");
        int steps = 0;
        for (; !run.Done && steps < stopAfter; steps++)
            run.Step();
        return (run.Checkpoint(), steps);
    }

    private static Optimizer Create(string kind, Sequential net) => kind switch
    {
        "adam" => new Adam(net.Parameters),
        "adamw" => new AdamW(net.Parameters),
        _ => new Sgd(net.Parameters, 0.05, 0.9, nesterov: true),
    };

    private static ImageSet Data(int count)
    {
        var random = new SplitMix64(5);
        var pixels = new byte[count * 64];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)random.Below(256);
        return new(pixels, [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))], 8, 8);
    }
}
