namespace Conformance.Cli.Comparing;

/// <summary>One side of the comparison: one LeNet in training, on data that it already holds.</summary>
internal interface ITrainer : IDisposable
{
    /// <summary>The loss gradients of one batch by parameter name (<c>conv1.weight</c> …), at the present weights, which stay as they are.</summary>
    /// <param name="batch">Indices into the training images.</param>
    IReadOnlyDictionary<string, float[]> Gradients(ReadOnlySpan<int> batch);

    /// <summary>One pass over the training images in the order given, in batches; the last may be smaller.</summary>
    /// <param name="order">Indices into the training images.</param>
    /// <param name="progress">Told now and then how many images are done.</param>
    /// <exception cref="OperationCanceledException">Between two batches.</exception>
    Training TrainEpoch(ReadOnlySpan<int> order, Action<int> progress, CancellationToken cancel);

    /// <summary>The network as it is now, on all test images.</summary>
    Evaluation Evaluate();
}

/// <summary>Mean loss and share of right answers over an epoch, as seen while the weights were moving.</summary>
internal sealed record Training(double Loss, double Accuracy);

/// <summary>Mean loss on the test images, and for each of them whether the answer was right.</summary>
internal sealed record Evaluation(double Loss, bool[] Correct)
{
    public double Accuracy => (double)Correct.Count(right => right) / Correct.Length;
}

/// <summary>Makes the two sides for a seed: the same initial weights, the same images, the same order.</summary>
internal interface ISides
{
    /// <summary>What the baseline runs on, with its version, such as <c>libtorch 1.13.1 (stand-in)</c>.</summary>
    string Provider { get; }

    int TrainImages { get; }

    (ITrainer Scratch, ITrainer Baseline) Start(ulong seed, CompareOptions options);

    /// <summary>The images of an epoch in training order: a permutation of 0 … <paramref name="count"/> − 1.</summary>
    int[] Order(ulong seed, int epoch, int count);
}
