using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>
/// Stochastic gradient descent in the form of <c>torch.optim.SGD</c>. With momentum μ, dampening τ and weight decay λ, a step is
/// <code>
/// g ← g + λ·p      v ← μ·v + (1 − τ)·g, the first time v ← g
/// d = v (Nesterov: g + μ·v; without momentum g)      p ← p − η·d
/// </code>
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly SgdKernel _kernel;
    private double _momentum;
    private SgdStep _step;
    private bool _buffered; // whether a step with momentum has been made

    /// <param name="learningRate">η, 0 or more.</param>
    /// <param name="momentum">μ, from 0 to below 1.</param>
    /// <param name="dampening">τ, from 0 to 1.</param>
    /// <param name="weightDecay">λ, 0 or more.</param>
    /// <param name="nesterov">Whether to use Nesterov's momentum. It needs a momentum and no dampening.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Sgd(
        IReadOnlyList<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0,
        bool nesterov = false, KernelChoice? kernels = null)
        : base("sgd", parameters, learningRate)
    {
        Momentum = momentum;
        Dampening = dampening >= 0 && dampening <= 1
            ? dampening
            : throw new ArgumentOutOfRangeException(nameof(dampening), dampening, $"sgd: expected a dampening from 0 to 1, got {dampening}");
        WeightDecay = NotNegative("weight decay", weightDecay, nameof(weightDecay));
        Nesterov = nesterov;
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException(
                $"sgd: expected a momentum and no dampening for nesterov, got momentum {momentum} and dampening {dampening}", nameof(nesterov));
        var row = KernelTable.Find<SgdKernel>("sgd", kernels);
        (_kernel, KernelName) = (row.Kernel, row.Name);
        MomentumBuffers = Zeros(parameters);
        State = new Dictionary<string, IReadOnlyList<Tensor>> { ["momentum_buffer"] = MomentumBuffers };
    }

    public override string KernelName { get; }

    /// <summary>v, one tensor for each parameter; not used without momentum.</summary>
    public IReadOnlyList<Tensor> MomentumBuffers { get; }

    /// <summary>The state <c>momentum_buffer</c>.</summary>
    public override IReadOnlyDictionary<string, IReadOnlyList<Tensor>> State { get; }

    /// <summary>The momentum μ. It may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to below 1.</exception>
    public double Momentum
    {
        get => _momentum;
        set => _momentum = BelowOne("momentum", value, nameof(value));
    }

    public double Dampening { get; }

    public double WeightDecay { get; }

    public bool Nesterov { get; }

    private protected override void Prepare()
    {
        bool first = !_buffered; // the buffer is still 0
        _buffered |= Momentum != 0;
        _step = new((float)LearningRate, (float)Momentum, first ? 1 : (float)(1 - Dampening), (float)WeightDecay, Nesterov);
    }

    private protected override void Update(ParameterRange range) => _kernel.Update(range.Value, range.Slice(MomentumBuffers), range.Gradient, _step);

    private protected override void Resume(long steps) => _buffered = steps > 0 && Momentum != 0;
}
