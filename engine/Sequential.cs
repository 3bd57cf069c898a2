namespace Conformance.Engine;

/// <summary>Modules one after the other. Children and parameters are named as in PyTorch: <c>conv1</c>, <c>conv1.weight</c>.</summary>
public sealed class Sequential : Module
{
    private readonly Module[] _steps;
    private readonly int[] _unitsBefore;
    private readonly int _lowestLearning;
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
        _steps = [.. children.SelectMany(child => new[] { new Relayout(child.Module.InputLayout), child.Module })];
        _unitsBefore = new int[_steps.Length + 1];
        _lowestLearning = Math.Max(0, Array.FindIndex(_steps, step => step.Parameters.Count > 0));
        InputLayout = children.Select(child => child.Module.InputLayout).FirstOrDefault(layout => layout is not null);
    }

    public override string Operation => "sequential";

    public IReadOnlyList<(string Name, Module Module)> Children { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    internal override Layout? InputLayout { get; }

    internal override int Units => _unitsBefore[^1];

    internal override Tensor Connect(Tensor input)
    {
        foreach (var step in _steps)
            input = step.Connect(input);
        return input;
    }

    internal override Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        // Below the first step that learns nobody reads a gradient, unless the network's own input gradient is wanted.
        _lowest = wanted ? 0 : _lowestLearning;
        Tensor? gradient = outputGradient;
        for (int i = _steps.Length - 1; i >= _lowest; i--)
            gradient = _steps[i].ConnectBackward(gradient!, wanted || i > _lowest);
        for (int i = 0; i < _steps.Length; i++)
            _unitsBefore[i + 1] = _unitsBefore[i] + (i < _lowest ? 0 : _steps[i].Units);
        return gradient;
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
