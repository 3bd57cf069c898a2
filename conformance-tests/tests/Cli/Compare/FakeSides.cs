using Conformance.Cli.Compare;

namespace Conformance.Tests.Cli.Compare;

/// <summary>Sides whose outcome is known beforehand, and that remember what they were asked.</summary>
internal sealed class FakeSides : ISides
{
    public const int TestImages = 200;

    public List<FakeTrainer> Trainers { get; } = [];

    public List<CompareOptions> Options { get; } = [];

    public string Provider { get; init; } = "fake torch 1.2.3";

    public int TrainImages { get; init; } = 100;

    /// <summary>How many test images a side gets right: by side, seed and epochs trained. Those with the lowest numbers.</summary>
    public Func<string, ulong, int, int> Right { get; init; } = (_, _, _) => 190;

    /// <summary>A side's gradient of <c>fc.weight</c> in the first step. In float64 it is 1, −2, 4, and nudges move it by one rounding.</summary>
    public Func<string, double[]> Gradient { get; init; } = _ => [1, -2, 4];

    /// <summary>Whether an image lies at a kink.</summary>
    public Func<int, bool> AtKink { get; init; } = _ => false;

    public Action<string> OnTrain { get; init; } = _ => { };

    public string Float32 => "all convolutions right";

    public Trainers Start(ulong seed, CompareOptions options)
    {
        Options.Add(options);
        foreach (var side in new[] { "scratch", "baseline", "nudged" })
            Trainers.Add(new(this, side, seed));
        return new(Trainers[^3], Trainers[^2], Trainers[^1]);
    }

    public ReferenceSteps Reference(ulong seed, CompareOptions options, IReadOnlyList<int[]> batches, CancellationToken cancel)
    {
        int[][] clear = [.. batches.Select(batch => batch.Where(image => !AtKink(image)).ToArray()).Where(batch => batch.Length > 0)];
        const double Rounding = 1.0 / (1 << 24);
        return new(clear, 50, Steps(clear.Length, [1, -2, 4]), [Steps(clear.Length, [1, -2, 4]), Steps(clear.Length, [1, -2, 4 * (1 + Rounding)])]);
    }

    /// <summary>A training whose losses are 1, 1/2, 1/3 … and whose weights go against the gradient.</summary>
    public static Trajectory Steps(int count, double[] gradient) => new(
        [.. Enumerable.Range(1, count).Select(step => 1.0 / step)],
        count == 0 ? new Dictionary<string, double[]>() : Tensors(gradient),
        [.. Enumerable.Range(1, count).Select(step => Tensors(Array.ConvertAll(gradient, slope => 100 - (step * slope))))]);

    private static Dictionary<string, double[]> Tensors(double[] weight) => new() { ["fc.weight"] = weight, ["fc.bias"] = [0, 0] };

    public int[] Order(ulong seed, int epoch, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (i + (int)seed + (10 * epoch)) % count)];
}

internal sealed class FakeTrainer(FakeSides sides, string side, ulong seed) : ITrainer
{
    public string Side { get; } = side;

    public ulong Seed { get; } = seed;

    public List<int[]> Orders { get; } = [];

    public IReadOnlyList<int[]> FirstBatches { get; private set; } = [];

    public bool Disposed { get; private set; }

    public Trajectory FirstSteps(IReadOnlyList<int[]> batches)
    {
        FirstBatches = batches;
        return FakeSides.Steps(batches.Count, sides.Gradient(Side));
    }

    public TrainedEpoch TrainEpoch(ReadOnlySpan<int> order, Action<int> progress, CancellationToken cancel)
    {
        sides.OnTrain(Side);
        cancel.ThrowIfCancellationRequested();
        Orders.Add(order.ToArray());
        progress(order.Length);
        return new(1.0 / Orders.Count, 0.5);
    }

    public TestScores Evaluate() => new(
        0.25 / Orders.Count,
        [.. Enumerable.Range(0, FakeSides.TestImages).Select(image => image < sides.Right(Side, Seed, Orders.Count))]);

    public void Dispose() => Disposed = true;
}
