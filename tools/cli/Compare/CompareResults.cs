namespace Conformance.Cli.Compare;

/// <summary>
/// What <c>results.json</c> of <c>compare</c> holds, under these names in camel case. Accuracies are shares, 0–1; losses are mean cross
/// entropies in nats; seconds are of training alone, without evaluation.
/// </summary>
/// <param name="Conformance">The version of the format: 2. Version 1 had no first steps and no nudged baseline; its <c>distinguishable</c> was
/// whether 0 lay outside <c>confidence95</c>.</param>
/// <param name="Provider">What the baseline ran on.</param>
/// <param name="Float32">Whether its float32 is right on this machine, in one line.</param>
/// <param name="Nudged">The baseline with the last bit of one weight changed at the start.</param>
internal sealed record CompareResults(
    int Conformance, string Provider, string Float32, CompareConfig Config, SideResults Scratch, SideResults Baseline, SideResults Nudged,
    FirstSteps FirstSteps, AccuracyAgreement Agreement)
{
    public const int Version = 2;
}

/// <param name="Seeds">How many: seeds 1 … Seeds.</param>
internal sealed record CompareConfig(
    int Epochs, int Seeds, int Batch, int TrainImages, double LearningRate, double Momentum, Threads Threads);

/// <summary>One side. The first index is the seed; the last epoch's test figures stand in front.</summary>
internal sealed record SideResults(double[] TestAccuracy, double[] TestLoss, double[] TrainSeconds, EpochResults[][] Epochs)
{
    public static SideResults FromEpochs(EpochResults[][] epochs) => new(
        [.. epochs.Select(seed => seed[^1].TestAccuracy)],
        [.. epochs.Select(seed => seed[^1].TestLoss)],
        [.. epochs.Select(seed => seed.Sum(epoch => epoch.Seconds))],
        epochs);
}

internal sealed record EpochResults(double TrainLoss, double TrainAccuracy, double TestLoss, double TestAccuracy, double Seconds);
