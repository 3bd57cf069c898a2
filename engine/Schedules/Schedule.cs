using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Schedules;

/// <summary>
/// The learning rate at each step (or epoch: the caller chooses the unit), from 0. A schedule has no state. The rate depends on the step alone, so
/// training can resume at any step.
/// </summary>
public abstract class Schedule
{
    private protected Schedule()
    {
    }

    /// <summary>The learning rate η at a step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 0, or behind the end of a schedule that has an end.</exception>
    public abstract double LearningRate(int step);

    /// <summary>The momentum at a step; null if the schedule does not change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 0, or behind the end of a schedule that has an end.</exception>
    public virtual double? Momentum(int step) => null;

    /// <summary>
    /// Sets an optimiser's rate for a step, and its momentum if the schedule has one (for Adam this is β₁, as in PyTorch's schedules).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 0, or behind the end of a schedule that has an end.</exception>
    public void Apply(Optimizer optimizer, int step)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.LearningRate = LearningRate(step);
        if (Momentum(step) is not { } momentum)
            return;
        if (optimizer is Sgd sgd)
            sgd.Momentum = momentum;
        else if (optimizer is Adam adam)
            adam.Beta1 = momentum;
    }

    /// <exception cref="ArgumentOutOfRangeException">The step is below 0.</exception>
    private protected static int Checked(int step) => Shapes.AtLeast(0, step, "schedule", nameof(step));

    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    private protected static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"schedule: expected a finite {name} of 0 or more, got {value}");

    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    private protected static double Share(double value, string name) => value >= 0 && value <= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"schedule: expected a {name} from 0 to 1, got {value}");
}

/// <summary>Curves between two rates.</summary>
internal static class Anneal
{
    /// <summary>Half a cosine, flat at both ends. Share 0 is the start, 1 the end.</summary>
    public static double Cosine(double start, double end, double share) => end + (start - end) / 2 * (Math.Cos(Math.PI * share) + 1);

    public static double Linear(double start, double end, double share) => start + (end - start) * share;
}
