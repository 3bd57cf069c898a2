namespace Conformance.Cli.Compare;

/// <summary>The first steps of a training, all of it.</summary>
/// <param name="Losses">Each batch's mean loss before its step, in nats.</param>
/// <param name="Gradients">Of the first batch, by parameter name (<c>conv1.weight</c> …), from the network's first layer to its last.</param>
/// <param name="Weights">The parameters after each step, by the same names.</param>
internal sealed record Trajectory(
    double[] Losses, IReadOnlyDictionary<string, double[]> Gradients, IReadOnlyList<IReadOnlyDictionary<string, double[]>> Weights);

/// <summary>What the first steps are judged by.</summary>
/// <param name="Batches">Indices of training images; the steps of all trajectories are on these.</param>
/// <param name="LongestSum">The most terms that float32 adds up to one number of a step.</param>
/// <param name="Exact">In float64.</param>
/// <param name="Nudged">In float64 too, but with each number that float32 would round moved at random by up to one rounding.</param>
internal sealed record ReferenceSteps(IReadOnlyList<int[]> Batches, int LongestSum, Trajectory Exact, IReadOnlyList<Trajectory> Nudged);
