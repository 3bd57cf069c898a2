namespace Conformance.Cli.Compare;

/// <summary>What both sides are given.</summary>
/// <param name="Seeds">How many: seeds 1 … Seeds.</param>
/// <param name="TrainLimit">Train on the first so many images; null for all.</param>
internal sealed record CompareOptions(int Epochs, int Seeds, int Batch, double LearningRate, double Momentum, int? TrainLimit, Threads Threads);

/// <summary>How many each side may use; its times mean nothing without it.</summary>
internal sealed record Threads(int Scratch, int Baseline)
{
    /// <summary>
    /// Every core for ours, one for torch: LeNet's batches are too small for libtorch to gain by a second thread, and its waiting threads spin:
    /// on a busy machine a third of an epoch took 3.2 s with one and 51 s with two.
    /// </summary>
    public static Threads Best { get; } = new(Environment.ProcessorCount, 1);

    public override string ToString() => Scratch == Baseline ? $"{Scratch} on either side" : $"{Scratch} for scratch, {Baseline} for torch";
}
