using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>
/// The base class of optimisers, which update parameters from their gradients. Options are float64, as in PyTorch, and are rounded to float32 once,
/// when they are combined with a tensor.
/// </summary>
public abstract class Optimizer
{
    private readonly ParameterRange[] _ranges;
    private readonly Action<int> _update; // created once, so that a step allocates nothing
    private double _learningRate;
    private long _steps;

    private protected Optimizer(string operation, IReadOnlyList<Parameter> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (Operation, Parameters) = (operation, parameters);
        if (parameters.GroupBy(parameter => parameter.Value).FirstOrDefault(places => places.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"{operation}: expected each parameter once, got {string.Join(" and ", twice.Select(parameter => parameter.Name))} with one value",
                nameof(parameters));
        LearningRate = learningRate;
        _ranges = ParameterRange.Cut(parameters);
        _update = unit => Update(_ranges[unit]);
    }

    /// <summary>The name of the operation, for messages: <c>sgd</c>, <c>adam</c> or <c>adamw</c>.</summary>
    public string Operation { get; }

    /// <summary>The name of the kernel in use.</summary>
    public abstract string KernelName { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>
    /// The state that lasts from step to step, with PyTorch's names: one tensor for each parameter, in order. A checkpoint needs it and
    /// <see cref="Steps"/>, nothing else. It may be written between steps.
    /// </summary>
    public abstract IReadOnlyDictionary<string, IReadOnlyList<Tensor>> State { get; }

    /// <summary>The number of steps so far. Set it together with <see cref="State"/> to continue another optimiser's run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 0.</exception>
    public long Steps
    {
        get => _steps;
        set
        {
            _steps = value >= 0 ? value : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"{Operation}: expected 0 steps or more, got {value}");
            Resume(value);
        }
    }

    /// <summary>The learning rate η. It may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double LearningRate
    {
        get => _learningRate;
        set => _learningRate = NotNegative("learning rate", value, nameof(value));
    }

    /// <summary>Updates all parameters from their gradients.</summary>
    public void Step() => Step(Workers.Alone);

    /// <summary>Updates all parameters, on several threads.</summary>
    internal void Step(Workers workers)
    {
        _steps++;
        Prepare();
        workers.Run(_ranges.Length, _update);
    }

    /// <summary>Computes the numbers that all elements of this step share. <see cref="Steps"/> already counts the step.</summary>
    private protected abstract void Prepare();

    /// <summary>Updates a range of one parameter.</summary>
    private protected abstract void Update(ParameterRange range);

    /// <summary>Called when <see cref="Steps"/> is set.</summary>
    private protected virtual void Resume(long steps)
    {
    }

    private protected static Tensor[] Zeros(IReadOnlyList<Parameter> parameters) =>
        [.. parameters.Select(parameter => Tensor.Zeros(parameter.Value.Shape))];

    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    private protected double NotNegative(string what, double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{Operation}: expected a finite {what} of 0 or more, got {value}");

    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to below 1.</exception>
    private protected double BelowOne(string what, double value, string name) => value >= 0 && value < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{Operation}: expected a {what} from 0 to below 1, got {value}");
}
