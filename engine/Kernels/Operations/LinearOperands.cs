using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>What a linear layer and its kernels share.</summary>
internal sealed class LinearOperands : Operands
{
    public required Parameter Weight;
    public Parameter? Bias;

    /// <summary>The input as <c>[image][feature]</c>; only where the kernel wants it so.</summary>
    public Tensor? Activations;

    public int Inputs => Weight.Value.Shape[1];
    public int Outputs => Weight.Value.Shape[0];
}
