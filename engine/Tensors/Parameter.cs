namespace Conformance.Engine.Tensors;

/// <summary>A trained tensor and its gradient from the last backward pass.</summary>
/// <param name="Name">PyTorch's name: <c>weight</c> in a layer, <c>conv1.weight</c> in a network.</param>
/// <param name="Value">The tensor, row-major. Kernels read it at the next forward pass, so it may be written between passes.</param>
/// <param name="Gradient">The gradient, in the same shape. Each backward pass overwrites it and does not add to it.</param>
public sealed record Parameter(string Name, Tensor Value, Tensor Gradient)
{
    /// <summary>Creates a parameter of zeros.</summary>
    public Parameter(string name, params ReadOnlySpan<int> shape) : this(name, Tensor.Zeros(shape), Tensor.Zeros(shape))
    {
    }
}
