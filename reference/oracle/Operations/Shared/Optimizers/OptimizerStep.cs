namespace Conformance.Oracle.Operations;

/// <summary>
/// What an update knows beside its own numbers: which step it is, from 1, the learning rates of this step and of the one before, and which of how
/// many elements it is.
/// </summary>
public readonly record struct OptimizerStep(int Number, Rounded LearningRate, Rounded PreviousLearningRate)
{
    public required Rounded FirstLearningRate { get; init; }

    /// <summary>The rate of the next step; at the last step, its own rate.</summary>
    public required Rounded NextLearningRate { get; init; }

    public required int Element { get; init; }

    public required int Elements { get; init; }
}
