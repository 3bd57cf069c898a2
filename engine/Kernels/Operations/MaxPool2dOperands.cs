using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>What a max-pooling's layer and kernels share.</summary>
internal sealed class MaxPool2dOperands : Operands
{
    public WindowAxis Vertical;
    public WindowAxis Horizontal;

    /// <summary>For each output element the tap that won, <c>ky · kernel width + kx</c>; −1 where the window saw padding alone.</summary>
    public Tensor Winners = null!;
}
