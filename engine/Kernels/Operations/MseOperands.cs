using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>
/// The operands of the squared error. <see cref="Operands.Output"/> holds the losses, <see cref="Operands.OutputGradient"/> the gradients of the
/// losses.
/// </summary>
internal sealed class MseOperands : Operands
{
    public Tensor Target = null!;
}
