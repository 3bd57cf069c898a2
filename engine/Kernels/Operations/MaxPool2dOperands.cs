using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of max-pooling.</summary>
internal sealed class MaxPool2dOperands : Operands
{
    public WindowAxis Vertical;
    public WindowAxis Horizontal;

    /// <summary>For each output element the winning tap, <c>ky · kernel width + kx</c>; −1 if the window has only padding.</summary>
    public Tensor Winners = null!;
}
