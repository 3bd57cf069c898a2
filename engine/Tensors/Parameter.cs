namespace Conformance.Engine.Tensors;

/// <summary>A tensor that is learned, and the gradient that the last backward pass left for it.</summary>
/// <param name="Name">PyTorch's name: <c>weight</c> in a layer, <c>conv1.weight</c> in a network.</param>
/// <param name="Value">Row-major; kernels read it at the next forward pass, so it may be written between passes.</param>
/// <param name="Gradient">Same shape; overwritten, not added to, by each backward pass.</param>
public sealed record Parameter(string Name, Tensor Value, Tensor Gradient)
{
    /// <summary>A parameter of zeros.</summary>
    public Parameter(string name, params ReadOnlySpan<int> shape) : this(name, Tensor.Zeros(shape), Tensor.Zeros(shape))
    {
    }
}
