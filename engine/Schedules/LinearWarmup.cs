using Conformance.Engine.Tensors;

namespace Conformance.Engine.Schedules;

/// <summary>
/// The rate rises linearly over the first steps, then follows another schedule from its step 0. At step n below <c>steps</c> the rate is the other
/// schedule's first rate times <c>start + (1 − start)·n/steps</c>. PyTorch's form is <c>torch.optim.lr_scheduler.SequentialLR</c> of LinearLR and
/// the other schedule.
/// </summary>
public sealed class LinearWarmup : Schedule
{
    private readonly int _steps;
    private readonly double _startFactor;
    private readonly Schedule _then;

    /// <summary>Creates a warm-up before another schedule.</summary>
    /// <param name="steps">The number of steps of the warm-up.</param>
    /// <param name="then">The schedule that follows.</param>
    /// <param name="startFactor">The factor of the rate at step 0, 0–1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public LinearWarmup(int steps, Schedule then, double startFactor = 1.0 / 3)
    {
        ArgumentNullException.ThrowIfNull(then);
        _steps = Shapes.AtLeast(0, steps, "schedule", nameof(steps));
        _startFactor = Share(startFactor, nameof(startFactor));
        _then = then;
    }

    /// <summary>Creates a warm-up before a constant rate, as <c>LinearLR</c> alone.</summary>
    /// <inheritdoc cref="LinearWarmup(int, Schedule, double)"/>
    public LinearWarmup(int steps, double learningRate, double startFactor = 1.0 / 3)
        : this(steps, new StepSchedule(learningRate, int.MaxValue), startFactor)
    {
    }

    public override double LearningRate(int step) => Checked(step) < _steps
        ? _then.LearningRate(0) * Anneal.Linear(_startFactor, 1, (double)step / _steps)
        : _then.LearningRate(step - _steps);

    /// <summary>The other schedule's momentum. Its first value applies during the warm-up.</summary>
    public override double? Momentum(int step) => _then.Momentum(Math.Max(0, Checked(step) - _steps));
}
