using Conformance.Engine.Layers;
using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Networks;

/// <summary>A sequence of modules. Children and parameters are named as in PyTorch: <c>conv1</c>, <c>conv1.weight</c>.</summary>
public sealed class Sequential : Module
{
    private readonly (string Name, Layer Layer)[] _layers;

    /// <exception cref="ArgumentException">There are no children, a name is empty or used twice, or a module is used twice.</exception>
    public Sequential(params (string Name, Module Module)[] children)
    {
        ArgumentNullException.ThrowIfNull(children);
        if (children.Length == 0)
            throw new ArgumentException("sequential: expected at least one child", nameof(children));
        if (children.Select(child => child.Name).Distinct().Count() != children.Length || children.Any(child => string.IsNullOrEmpty(child.Name)))
            throw new ArgumentException(
                $"sequential: expected a different name for each child, "
                + $"got {string.Join(", ", children.Select(child => child.Name))}", nameof(children));

        if (Array.Find(children, child => child.Name.Contains('.', StringComparison.Ordinal)) is { Name: { } dotted })
            throw new ArgumentException(
                $"sequential: expected names without a dot, which state names have between child and parameter, got '{dotted}'", nameof(children));

        Children = [.. children];
        _layers = [.. children.SelectMany(child => Named(child.Name, child.Module))];
        if (_layers.GroupBy(named => named.Layer).FirstOrDefault(places => places.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"sequential: expected each module in one place (it keeps what its backward pass needs), "
                + $"got one as {string.Join(" and ", twice.Select(place => place.Name))}", nameof(children));
        Steps = [.. _layers.Select(named => named.Layer)];
        Parameters = [.. from child in children
                         from parameter in child.Module.Parameters
                         select parameter with { Name = $"{child.Name}.{parameter.Name}" }];
        Buffers = [.. from child in children
                      from buffer in child.Module.Buffers
                      select buffer with { Name = $"{child.Name}.{buffer.Name}" }];
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

    internal override IReadOnlyList<IPassStep> Steps { get; }

    /// <summary>All layers with their names, including the layers of nested networks: <c>conv1</c>, <c>block1.conv1</c>.</summary>
    internal IReadOnlyList<(string Name, Layer Layer)> NamedLayers => _layers;

    /// <summary>Copies the output of a child (or of a nested layer, <c>block1.conv1</c>) in the last forward pass, row-major.</summary>
    /// <exception cref="ArgumentException">No child has that name.</exception>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    public Tensor OutputOf(string child) => Kept(Chain.OutputOf(Last(child)), child, "forward");

    /// <summary>Copies the gradient that arrived at the output of a child (or of a nested layer) in the last backward pass, row-major.</summary>
    /// <exception cref="ArgumentException">No child has that name.</exception>
    /// <exception cref="InvalidOperationException">No backward pass reached the child.</exception>
    public Tensor OutputGradientOf(string child) => Kept(Chain.OutputGradientOf(Last(child)), child, "backward");

    private static IEnumerable<(string Name, Layer Layer)> Named(string name, Module module) => module switch
    {
        Sequential network => network._layers.Select(inner => ($"{name}.{inner.Name}", inner.Layer)),
        Layer layer => [(name, layer)],
        null => throw new ArgumentException($"sequential: expected a module as '{name}', got null", nameof(module)),
        _ => throw new NotSupportedException($"sequential: '{name}' is neither a layer nor a network"),
    };

    private Layer Last(string child)
    {
        int index = Array.FindLastIndex(_layers, named => named.Name == child || named.Name.StartsWith(child + ".", StringComparison.Ordinal));
        return index >= 0
            ? _layers[index].Layer
            : throw new ArgumentException(
                $"sequential: expected one of {string.Join(", ", _layers.Select(named => named.Name))}, got '{child}'", nameof(child));
    }

    private static Tensor Kept(Tensor? tensor, string child, string pass) =>
        (tensor ?? throw new InvalidOperationException($"sequential: '{child}' has seen no {pass} pass")).Copy();
}
