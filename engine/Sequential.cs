namespace Conformance.Engine;

/// <summary>Modules one after the other. Children and parameters are named as in PyTorch: <c>conv1</c>, <c>conv1.weight</c>.</summary>
public sealed class Sequential : Module
{
    private readonly Module[] _steps;
    private readonly int[] _unitsBefore;
    private readonly int _lowestLearning;
    private readonly Tensor?[] _outputs;
    private readonly Tensor?[] _outputGradients;
    private int _lowest;

    /// <exception cref="ArgumentException">No children, a name used twice or empty, or a child used twice.</exception>
    public Sequential(params (string Name, Module Module)[] children)
    {
        if (children.Length == 0)
            throw new ArgumentException("sequential: expected at least one child", nameof(children));
        if (children.Select(child => child.Name).Distinct().Count() != children.Length || children.Any(child => string.IsNullOrEmpty(child.Name)))
            throw new ArgumentException($"sequential: expected a different name for each child, got {string.Join(", ", children.Select(child => child.Name))}", nameof(children));
        if (children.Select(child => child.Module).Distinct().Count() != children.Length)
            throw new ArgumentException("sequential: a module keeps what its backward pass needs, so it can stand in one place alone", nameof(children));

        Children = [.. children];
        Parameters = [.. from child in children
                         from parameter in child.Module.Parameters
                         select parameter with { Name = $"{child.Name}.{parameter.Name}" }];
        Buffers = [.. from child in children
                      from buffer in child.Module.Buffers
                      select buffer with { Name = $"{child.Name}.{buffer.Name}" }];
        _steps = [.. children.SelectMany(child => new[] { new Relayout(child.Module.InputLayout), child.Module })];
        _unitsBefore = new int[_steps.Length + 1];
        _lowestLearning = Math.Max(0, Array.FindIndex(_steps, step => step.Parameters.Count > 0));
        (_outputs, _outputGradients) = (new Tensor?[_steps.Length], new Tensor?[_steps.Length]);
        InputLayout = children.Select(child => child.Module.InputLayout).FirstOrDefault(layout => layout is not null);
    }

    public override string Operation => "sequential";

    public IReadOnlyList<(string Name, Module Module)> Children { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override IReadOnlyList<ModuleBuffer> Buffers { get; }

    public override bool Training
    {
        get => base.Training;
        set
        {
            base.Training = value;
            foreach (var (_, module) in Children)
                module.Training = value;
        }
    }

    /// <summary>What a child answered in the last forward pass; a row-major copy.</summary>
    /// <exception cref="ArgumentException">No child has that name.</exception>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    public Tensor OutputOf(string child) => Kept(_outputs, child, "forward");

    /// <summary>The gradient that arrived at a child's output in the last backward pass; a row-major copy.</summary>
    /// <exception cref="ArgumentException">No child has that name.</exception>
    /// <exception cref="InvalidOperationException">There was no backward pass that reached it.</exception>
    public Tensor OutputGradientOf(string child) => Kept(_outputGradients, child, "backward");

    internal override Layout? InputLayout { get; }

    internal override int Units => _unitsBefore[^1];

    internal override Tensor Connect(Tensor input)
    {
        for (int i = 0; i < _steps.Length; i++)
            _outputs[i] = input = _steps[i].Connect(input);
        return input;
    }

    internal override Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        // Below the first step that learns nobody reads a gradient, unless the network's own input gradient is wanted.
        _lowest = wanted ? 0 : _lowestLearning;
        Array.Clear(_outputGradients);
        Tensor? gradient = outputGradient;
        for (int i = _steps.Length - 1; i >= _lowest; i--)
        {
            _outputGradients[i] = gradient;
            gradient = _steps[i].ConnectBackward(gradient!, wanted || i > _lowest);
        }
        for (int i = 0; i < _steps.Length; i++)
            _unitsBefore[i + 1] = _unitsBefore[i] + (i < _lowest ? 0 : _steps[i].Units);
        return gradient;
    }

    /// <summary>Each child's step stands behind the one that lays out its input.</summary>
    private Tensor Kept(Tensor?[] tensors, string child, string pass)
    {
        int index = Children.ToList().FindIndex(known => known.Name == child);
        if (index < 0)
            throw new ArgumentException($"sequential: expected one of {string.Join(", ", Children.Select(known => known.Name))}, got '{child}'", nameof(child));
        return (tensors[2 * index + 1] ?? throw new InvalidOperationException($"sequential: '{child}' has seen no {pass} pass")).Copy();
    }

    internal override void ForwardBlock(int block)
    {
        foreach (var step in _steps)
            step.ForwardBlock(block);
    }

    internal override void BackwardBlock(int block)
    {
        for (int i = _steps.Length - 1; i >= _lowest; i--)
            _steps[i].BackwardBlock(block);
    }

    internal override void ParameterGradient(int unit)
    {
        int step = 0;
        while (_unitsBefore[step + 1] <= unit)
            step++;
        _steps[step].ParameterGradient(unit - _unitsBefore[step]);
    }
}
