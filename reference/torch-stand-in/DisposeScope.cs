namespace TorchSharp;

/// <summary>Disposes, at its end, the tensors made on its thread since its start, except those that were moved or detached.</summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? _current;

    private readonly HashSet<torch.Tensor> _tensors = new(ReferenceEqualityComparer.Instance);
    private bool _ended;

    internal DisposeScope()
    {
        Outer = _current;
        _current = this;
    }

    internal static DisposeScope? Current => _current;

    internal DisposeScope? Outer { get; }

    internal void Add(torch.Tensor tensor)
    {
        _tensors.Add(tensor);
        tensor.Scope = this;
    }

    internal void Remove(torch.Tensor tensor)
    {
        _tensors.Remove(tensor);
        tensor.Scope = null;
    }

    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        foreach (var tensor in _tensors.ToArray())
            tensor.Dispose();
        if (ReferenceEquals(_current, this))
            _current = Outer;
    }
}
