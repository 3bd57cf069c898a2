using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>What an optimiser keeps of one parameter from step to step.</summary>
public abstract class OptimizerState
{
    private protected OptimizerState()
    {
    }

    internal abstract void Free();
}

/// <summary>What the optimisers share: one group of parameters, a state for each, and the way of a step.</summary>
public abstract class OptimizerHelper : Optimizer
{
    private readonly (Parameter Parameter, OptimizerState State)[] _parameters;
    private readonly Group _group;

    private protected OptimizerHelper(IEnumerable<Parameter> parameters, double rate, Func<Parameter, OptimizerState> start)
    {
        Require(rate >= 0, "learning rate", rate);
        _parameters = [.. parameters.Select(parameter => (parameter, start(parameter)))];
        _group = new() { LearningRate = rate };
    }

    public override IEnumerable<ILearningRateController> ParamGroups => [_group];

    /// <summary>The states themselves, in the order of the parameters; no copies.</summary>
    public virtual StateDictionary state_dict() => new([.. _parameters.Select(item => item.State)]);

    public override void zero_grad()
    {
        foreach (var (parameter, _) in _parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is not null)
                Native.Call("zero_", gradient).Dispose();
        }
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (parameter, state) in _parameters)
        {
            if (parameter.grad is { } gradient)
                Update(parameter, gradient, state, _group.LearningRate);
        }
        return loss;
    }

    /// <summary>Changes one parameter and its state in place.</summary>
    private protected abstract void Update(Parameter parameter, Tensor gradient, OptimizerState state, double rate);

    /// <summary>A new tensor, <paramref name="a"/> + <paramref name="factor"/>·<paramref name="b"/>.</summary>
    private protected static Tensor Sum(Tensor a, Tensor b, double factor) => Native.Call("add.Tensor", a, b, factor);

    /// <summary>In place: <paramref name="target"/> ← <paramref name="decay"/>·<paramref name="target"/> + <paramref name="factor"/>·<paramref name="addend"/>.</summary>
    private protected static void Blend(Tensor target, double decay, Tensor addend, double factor) =>
        Native.Call("add_.Tensor", Native.Call("mul_.Scalar", target, decay), addend, factor);

    private protected static void Require(bool condition, string name, double value)
    {
        if (!condition)
            throw new ArgumentException($"Invalid {name}: {value}");
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var (_, state) in _parameters)
            state.Free();
        base.Dispose(disposing);
    }

    private sealed class Group : ILearningRateController
    {
        public double LearningRate { get; set; }
    }
}
