namespace Conformance.Engine.Kernels.Operations;

/// <summary>What a leaky ReLU's layer and kernels share.</summary>
internal sealed class LeakyReLUOperands : Operands
{
    public required float NegativeSlope;
}
