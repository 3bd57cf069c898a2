using Conformance.Engine.Tensors;

namespace Conformance.Engine.Schedules;

/// <summary>The curve of a one-cycle schedule between two rates.</summary>
public enum AnnealStrategy
{
    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>A line.</summary>
    Linear,
}

/// <summary>
/// One cycle (Smith and Topin 2017), as <c>torch.optim.lr_scheduler.OneCycleLR</c>. The rate rises from η_max/divFactor to η_max, then falls to
/// η_max/(divFactor·finalDivFactor). The momentum falls and rises. With three phases the rate falls back to the first rate in as many steps as it
/// rose, then to the last rate.
/// </summary>
public sealed class OneCycleSchedule : Schedule
{
    private readonly int _totalSteps;
    private readonly Phase[] _phases;
    private readonly Func<double, double, double, double> _anneal;
    private readonly bool _cyclesMomentum;

    /// <param name="maxLearningRate">η_max, the highest rate.</param>
    /// <param name="totalSteps">The number of steps of the cycle. The last step is <c>totalSteps − 1</c>.</param>
    /// <param name="risingShare">
    /// The fraction of steps in which the rate rises (PyTorch's <c>pct_start</c>), 0–1; with three phases at most 0.5.
    /// </param>
    /// <param name="cycleMomentum">Whether the momentum changes, opposite to the rate.</param>
    /// <param name="baseMomentum">The momentum at the highest rate.</param>
    /// <param name="maxMomentum">The momentum at the first and last rates.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public OneCycleSchedule(
        double maxLearningRate, int totalSteps, double risingShare = 0.3, AnnealStrategy strategy = AnnealStrategy.Cosine, bool cycleMomentum = true,
        double baseMomentum = 0.85, double maxMomentum = 0.95, double divFactor = 25, double finalDivFactor = 1e4, bool threePhase = false)
    {
        NotNegative(maxLearningRate, nameof(maxLearningRate));
        _totalSteps = Shapes.AtLeast(1, totalSteps, "schedule", nameof(totalSteps));
        Share(risingShare, nameof(risingShare));
        if (threePhase && risingShare > 0.5)
            throw new ArgumentOutOfRangeException(
                nameof(risingShare), risingShare, $"schedule: expected a risingShare of at most 0.5 with three phases, got {risingShare}");
        Share(baseMomentum, nameof(baseMomentum));
        Share(maxMomentum, nameof(maxMomentum));
        Above0(divFactor, nameof(divFactor));
        Above0(finalDivFactor, nameof(finalDivFactor));
        _cyclesMomentum = cycleMomentum;
        _anneal = strategy == AnnealStrategy.Cosine ? Anneal.Cosine : Anneal.Linear;

        Point first = new(maxLearningRate / divFactor, maxMomentum), top = new(maxLearningRate, baseMomentum);
        Point last = new(first.LearningRate / finalDivFactor, maxMomentum);
        double risen = risingShare * totalSteps - 1; // the step with the highest rate; may lie between two steps
        _phases = threePhase
            ? [new(risen, first, top), new(2 * risingShare * totalSteps - 2, top, first), new(totalSteps - 1, first, last)]
            : [new(risen, first, top), new(totalSteps - 1, top, last)];
    }

    public override double LearningRate(int step)
    {
        var (from, to, share) = At(step);
        return _anneal(from.LearningRate, to.LearningRate, share);
    }

    public override double? Momentum(int step)
    {
        var (from, to, share) = At(step);
        return _cyclesMomentum ? _anneal(from.Momentum, to.Momentum, share) : null;
    }

    /// <summary>The two points around a step, and the fraction of the way between them.</summary>
    private (Point From, Point To, double Share) At(int step)
    {
        if (Checked(step) >= _totalSteps)
            throw new ArgumentOutOfRangeException(nameof(step), step, $"schedule: expected a step below {_totalSteps}, got {step}");
        double start = 0;
        int index = 0;
        for (; step > _phases[index].End; index++)
            start = _phases[index].End;
        var (end, from, to) = _phases[index];
        return (from, to, end == start ? 1 : (step - start) / (end - start)); // a phase of length 0 is at its end
    }

    private static void Above0(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, $"schedule: expected a finite {name} above 0, got {value}");
    }

    private readonly record struct Point(double LearningRate, double Momentum);

    private readonly record struct Phase(double End, Point From, Point To);
}
