using Conformance.Cli.Comparing;

namespace Conformance.Tests.Cli;

/// <summary>Two sides whose outcome is known beforehand, and that remember what they were asked.</summary>
internal sealed class FakeSides : ISides
{
    public const int TestImages = 200;

    public List<FakeTrainer> Trainers { get; } = [];

    public List<CompareOptions> Options { get; } = [];

    public string Provider { get; init; } = "fake torch 1.2.3";

    public int TrainImages { get; init; } = 100;

    /// <summary>How many test images a side gets right: by side, seed and epochs trained. Those with the lowest numbers.</summary>
    public Func<string, ulong, int, int> Right { get; init; } = (_, _, _) => 190;

    public Func<string, ulong, float[]> Gradient { get; init; } = (_, _) => [1, -2, 4];

    public Action<string> OnTrain { get; init; } = _ => { };

    public (ITrainer Scratch, ITrainer Baseline) Start(ulong seed, CompareOptions options)
    {
        Options.Add(options);
        Trainers.Add(new(this, "scratch", seed));
        Trainers.Add(new(this, "baseline", seed));
        return (Trainers[^2], Trainers[^1]);
    }

    public int[] Order(ulong seed, int epoch, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (i + (int)seed + (10 * epoch)) % count)];
}

internal sealed class FakeTrainer(FakeSides sides, string side, ulong seed) : ITrainer
{
    public string Side { get; } = side;

    public ulong Seed { get; } = seed;

    public List<int[]> Orders { get; } = [];

    public int[] FirstBatch { get; private set; } = [];

    public bool Disposed { get; private set; }

    public IReadOnlyDictionary<string, float[]> Gradients(ReadOnlySpan<int> batch)
    {
        FirstBatch = batch.ToArray();
        return new Dictionary<string, float[]> { ["fc.weight"] = sides.Gradient(Side, Seed), ["fc.bias"] = [0, 0] };
    }

    public Training TrainEpoch(ReadOnlySpan<int> order, Action<int> progress, CancellationToken cancel)
    {
        sides.OnTrain(Side);
        cancel.ThrowIfCancellationRequested();
        Orders.Add(order.ToArray());
        progress(order.Length);
        return new(1.0 / Orders.Count, 0.5);
    }

    public Evaluation Evaluate() => new(
        0.25 / Orders.Count,
        [.. Enumerable.Range(0, FakeSides.TestImages).Select(image => image < sides.Right(Side, Seed, Orders.Count))]);

    public void Dispose() => Disposed = true;
}
