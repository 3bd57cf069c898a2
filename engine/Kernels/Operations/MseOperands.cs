using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>
/// What the squared error and its kernel share. <see cref="Operands.Output"/> holds the losses, <see cref="Operands.OutputGradient"/> their
/// gradients.
/// </summary>
internal sealed class MseOperands : Operands
{
    public Tensor Target = null!;
}
