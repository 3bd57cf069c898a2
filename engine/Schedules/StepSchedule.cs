using Conformance.Engine.Tensors;

namespace Conformance.Engine.Schedules;

/// <summary>
/// Multiplies the rate by γ after every <c>stepSize</c> steps: <c>η·γ^⌊n/stepSize⌋</c>, as <c>torch.optim.lr_scheduler.StepLR</c>.
/// </summary>
public sealed class StepSchedule : Schedule
{
    private readonly double _learningRate;
    private readonly int _stepSize;
    private readonly double _gamma;

    /// <param name="learningRate">η, the rate of the first steps.</param>
    /// <param name="stepSize">The number of steps between two changes.</param>
    /// <param name="gamma">γ, the factor.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public StepSchedule(double learningRate, int stepSize, double gamma = 0.1)
    {
        _learningRate = NotNegative(learningRate, nameof(learningRate));
        _stepSize = Shapes.AtLeast(1, stepSize, "schedule", nameof(stepSize));
        _gamma = NotNegative(gamma, nameof(gamma));
    }

    public override double LearningRate(int step) => _learningRate * Math.Pow(_gamma, Checked(step) / _stepSize);
}
