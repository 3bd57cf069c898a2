using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of dropout.</summary>
internal sealed class DropoutOperands : Operands
{
    public required double P;
    public required ulong Seed;

    /// <summary>Whether this pass drops elements; otherwise it is the identity.</summary>
    public bool Drops;

    /// <summary>Whether the mask was given; otherwise it is drawn.</summary>
    public bool Given;

    /// <summary>The number of training forward passes so far.</summary>
    public long Passes;

    /// <summary>The value of <see cref="Passes"/> before this pass. It determines the mask.</summary>
    public long Step;

    /// <summary>Zeros and ones, in the input's shape.</summary>
    public Tensor Mask = null!;

    /// <summary>1/(1 − p), or 0 if p is 1.</summary>
    public float Scale => P < 1 ? (float)(1 / (1 - P)) : 0;
}
