namespace Conformance.Oracle.Operations;

/// <summary>
/// The context of an update beside the element's own numbers: the number of the step, from 1, the learning rates of this step and of the last one,
/// the index of the element, and the number of elements.
/// </summary>
public readonly record struct OptimizerStep(int Number, Rounded LearningRate, Rounded PreviousLearningRate)
{
    public required Rounded FirstLearningRate { get; init; }

    /// <summary>The rate of the next step; in the last step, that step's own rate.</summary>
    public required Rounded NextLearningRate { get; init; }

    public required int Element { get; init; }

    public required int Elements { get; init; }
}
