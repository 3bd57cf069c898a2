namespace Conformance.Cli.Compare;

/// <summary>One side of the comparison: one LeNet in training, on data that it already holds.</summary>
internal interface ITrainer : IDisposable
{
    /// <summary>The first steps from the weights that the training starts from, on a network of their own; this one stays as it is.</summary>
    /// <param name="batches">Indices into the training images.</param>
    Trajectory FirstSteps(IReadOnlyList<int[]> batches);

    /// <summary>One pass over the training images in the order given, in batches; the last may be smaller.</summary>
    /// <param name="order">Indices into the training images.</param>
    /// <param name="progress">Told now and then how many images are done.</param>
    /// <exception cref="OperationCanceledException">Between two batches.</exception>
    TrainedEpoch TrainEpoch(ReadOnlySpan<int> order, Action<int> progress, CancellationToken cancel);

    /// <summary>The network as it is now, on all test images.</summary>
    TestScores Evaluate();
}

/// <summary>Mean loss and share of right answers over an epoch, as seen while the weights were moving.</summary>
internal sealed record TrainedEpoch(double Loss, double Accuracy);

/// <summary>Mean loss on the test images, and for each of them whether the answer was right.</summary>
internal sealed record TestScores(double Loss, bool[] Correct)
{
    public double Accuracy => (double)Correct.Count(right => right) / Correct.Length;
}

/// <summary>The three trainings of a seed.</summary>
/// <param name="Nudged">The baseline once more, with the last bit of one weight changed at the start: the control, since it differs by chaos
/// alone.</param>
internal sealed record Trainers(ITrainer Scratch, ITrainer Baseline, ITrainer Nudged) : IDisposable
{
    public void Dispose()
    {
        Scratch.Dispose();
        Baseline.Dispose();
        Nudged.Dispose();
    }
}

/// <summary>Makes the sides for a seed: the same initial weights, the same images, the same order.</summary>
internal interface ISides
{
    /// <summary>What the baseline runs on, with its version, such as <c>TorchSharp 0.107.0 (libtorch 2.10.0)</c>.</summary>
    string Provider { get; }

    /// <summary>Whether the baseline's float32 is right on this machine, in one line.</summary>
    string Float32 { get; }

    int TrainImages { get; }

    Trainers Start(ulong seed, CompareOptions options);

    /// <summary>The first steps of a seed in float64, on these batches without the images that come too near to a kink.</summary>
    ReferenceSteps Reference(ulong seed, CompareOptions options, IReadOnlyList<int[]> batches, CancellationToken cancel);

    /// <summary>The images of an epoch in training order: a permutation of 0 … <paramref name="count"/> − 1.</summary>
    int[] Order(ulong seed, int epoch, int count);
}
