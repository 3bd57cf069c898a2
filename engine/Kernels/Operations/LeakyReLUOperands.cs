namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of a leaky ReLU.</summary>
internal sealed class LeakyReLUOperands : Operands
{
    public required float NegativeSlope;
}
