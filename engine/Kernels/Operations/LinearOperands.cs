using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of a linear layer.</summary>
internal sealed class LinearOperands : Operands
{
    public required Parameter Weight;
    public Parameter? Bias;

    /// <summary>The input as <c>[image][feature]</c>; null if the kernel does not use it.</summary>
    public Tensor? Activations;

    public int Inputs => Weight.Value.Shape[1];
    public int Outputs => Weight.Value.Shape[0];
}
