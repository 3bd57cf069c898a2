namespace Conformance.Cli.Comparing;

/// <summary>What both sides are given.</summary>
/// <param name="Seeds">How many: seeds 1 … Seeds.</param>
/// <param name="TrainLimit">Train on the first so many images; null for all.</param>
internal sealed record CompareOptions(int Epochs, int Seeds, int Batch, double LearningRate, double Momentum, int? TrainLimit, int Threads);
