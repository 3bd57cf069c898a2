namespace Conformance.Engine;

/// <summary>Stochastic gradient descent with momentum: <c>v ← μ·v + g</c>, then <c>p ← p − η·v</c>; v starts at 0 (the form of <c>torch.optim.SGD</c>).</summary>
public sealed class Sgd
{
    /// <summary>Elements that one unit updates.</summary>
    private const int Range = 4096;

    private readonly SgdKernel _kernel;
    private readonly (int Parameter, int Start)[] _units;
    private float _learningRate;

    /// <param name="learningRate">η, above 0.</param>
    /// <param name="momentum">μ, from 0 to below 1.</param>
    /// <param name="kernels">Which kernel computes the update; the fast one if null.</param>
    public Sgd(IReadOnlyList<Parameter> parameters, float learningRate, float momentum = 0, Kernels? kernels = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(momentum >= 0 && momentum < 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, $"sgd: expected a momentum from 0 to below 1, got {momentum}");
        var row = KernelTable.Find("sgd", kernels);
        _kernel = (SgdKernel)row.Kernel;
        Kernel = row.Name;
        Parameters = parameters;
        MomentumBuffers = [.. parameters.Select(parameter => Tensor.Zeros(parameter.Value.Shape))];
        LearningRate = learningRate;
        Momentum = momentum;
        _units = [.. from index in Enumerable.Range(0, parameters.Count)
                     from part in Enumerable.Range(0, (parameters[index].Value.Length + Range - 1) / Range)
                     select (index, part * Range)];
    }

    /// <summary>The name of the kernel in use.</summary>
    public string Kernel { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>v, one tensor for each parameter.</summary>
    public IReadOnlyList<Tensor> MomentumBuffers { get; }

    public float Momentum { get; }

    /// <summary>η; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number of 0 or more.</exception>
    public float LearningRate
    {
        get => _learningRate;
        set => _learningRate = value >= 0 && float.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"sgd: expected a finite learning rate of 0 or more, got {value}");
    }

    /// <summary>Updates all parameters from their gradients.</summary>
    public void Step()
    {
        for (int unit = 0; unit < Units; unit++)
            Update(unit);
    }

    /// <summary>Parts of the update that may run at the same time.</summary>
    internal int Units => _units.Length;

    internal void Update(int unit)
    {
        var (index, start) = _units[unit];
        var parameter = Parameters[index];
        int length = Math.Min(Range, parameter.Value.Length - start);
        _kernel.Update(
            parameter.Value.Span.Slice(start, length),
            MomentumBuffers[index].Span.Slice(start, length),
            parameter.Gradient.Span.Slice(start, length),
            LearningRate,
            Momentum);
    }
}
