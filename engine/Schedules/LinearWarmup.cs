using Conformance.Engine.Tensors;

namespace Conformance.Engine.Schedules;

/// <summary>
/// Lets the rate rise along a line over the first steps, then follows another schedule from its step 0: at step n below <c>steps</c> the other's
/// first rate times <c>start + (1 − start)·n/steps</c>; as <c>torch.optim.lr_scheduler.SequentialLR</c> of LinearLR and the other.
/// </summary>
public sealed class LinearWarmup : Schedule
{
    private readonly int _steps;
    private readonly double _startFactor;
    private readonly Schedule _then;

    /// <summary>Before another schedule.</summary>
    /// <param name="steps">Of the warm-up.</param>
    /// <param name="then">What follows.</param>
    /// <param name="startFactor">The share of the rate at step 0, 0–1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public LinearWarmup(int steps, Schedule then, double startFactor = 1.0 / 3)
    {
        ArgumentNullException.ThrowIfNull(then);
        _steps = Shapes.AtLeast(0, steps, "schedule", nameof(steps));
        _startFactor = Share(startFactor, nameof(startFactor));
        _then = then;
    }

    /// <summary>Before a rate that stays as it is, as <c>LinearLR</c> alone.</summary>
    /// <inheritdoc cref="LinearWarmup(int, Schedule, double)"/>
    public LinearWarmup(int steps, double learningRate, double startFactor = 1.0 / 3)
        : this(steps, new StepSchedule(learningRate, int.MaxValue), startFactor)
    {
    }

    public override double LearningRate(int step) => Checked(step) < _steps
        ? _then.LearningRate(0) * Anneal.Linear(_startFactor, 1, (double)step / _steps)
        : _then.LearningRate(step - _steps);

    /// <summary>That of the other schedule, whose first lasts through the warm-up.</summary>
    public override double? Momentum(int step) => _then.Momentum(Math.Max(0, Checked(step) - _steps));
}
