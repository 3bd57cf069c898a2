using Conformance.Engine.Tensors;

namespace Conformance.Engine.Schedules;

/// <summary>How a one-cycle schedule goes from one rate to the next.</summary>
public enum AnnealStrategy
{
    /// <summary>Along half a cosine.</summary>
    Cosine,

    /// <summary>Along a line.</summary>
    Linear,
}

/// <summary>
/// One cycle (Smith and Topin 2017), as <c>torch.optim.lr_scheduler.OneCycleLR</c>: the rate rises from η_max/divFactor to η_max, then falls to
/// η_max/(divFactor·finalDivFactor), while the momentum falls and rises. With three phases it falls as long as it rose, back to the first rate, then
/// on to the last.
/// </summary>
public sealed class OneCycleSchedule : Schedule
{
    private readonly int _totalSteps;
    private readonly Phase[] _phases;
    private readonly Func<double, double, double, double> _anneal;
    private readonly bool _cyclesMomentum;

    /// <param name="maxLearningRate">η_max</param>
    /// <param name="totalSteps">Of the whole cycle; the last is <c>totalSteps − 1</c>.</param>
    /// <param name="risingShare">Of the steps (PyTorch's <c>pct_start</c>), 0–1; with three phases at most a half.</param>
    /// <param name="cycleMomentum">Whether the momentum goes the other way.</param>
    /// <param name="baseMomentum">Where the rate is highest.</param>
    /// <param name="maxMomentum">Where the rate is low.</param>
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
        double risen = risingShare * totalSteps - 1; // the step that is at the top; may lie between two
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

    /// <summary>Between which points a step is, and how far.</summary>
    private (Point From, Point To, double Share) At(int step)
    {
        if (Checked(step) >= _totalSteps)
            throw new ArgumentOutOfRangeException(nameof(step), step, $"schedule: expected a step below {_totalSteps}, got {step}");
        double start = 0;
        int index = 0;
        for (; step > _phases[index].End; index++)
            start = _phases[index].End;
        var (end, from, to) = _phases[index];
        return (from, to, end == start ? 1 : (step - start) / (end - start)); // a phase of no length is at its end
    }

    private static void Above0(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, $"schedule: expected a finite {name} above 0, got {value}");
    }

    private readonly record struct Point(double LearningRate, double Momentum);

    private readonly record struct Phase(double End, Point From, Point To);
}
