using Conformance.Engine.Tensors;

namespace Conformance.Engine.Schedules;

/// <summary>
/// The rate falls along half a cosine: <c>η_min + (η − η_min)·(1 + cos(π·n/T))/2</c>, as <c>torch.optim.lr_scheduler.CosineAnnealingLR</c>.
/// After step T it rises again, as in PyTorch.
/// </summary>
public sealed class CosineSchedule : Schedule
{
    private readonly double _learningRate;
    private readonly int _steps;
    private readonly double _minimum;

    /// <param name="learningRate">η, the rate at step 0.</param>
    /// <param name="steps">T, the step with the lowest rate.</param>
    /// <param name="minimum">η_min, the lowest rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public CosineSchedule(double learningRate, int steps, double minimum = 0)
    {
        _learningRate = NotNegative(learningRate, nameof(learningRate));
        _steps = Shapes.AtLeast(1, steps, "schedule", nameof(steps));
        _minimum = NotNegative(minimum, nameof(minimum));
    }

    public override double LearningRate(int step) => Anneal.Cosine(_learningRate, _minimum, (double)Checked(step) / _steps);
}
