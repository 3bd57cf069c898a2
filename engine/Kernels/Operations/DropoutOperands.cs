using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>What a dropout's layer and kernel share.</summary>
internal sealed class DropoutOperands : Operands
{
    public required double P;
    public required ulong Seed;

    /// <summary>Whether this pass drops; else it is the identity.</summary>
    public bool Drops;

    /// <summary>Whether the mask was given, not to be drawn.</summary>
    public bool Given;

    /// <summary>Forward passes in training so far.</summary>
    public long Passes;

    /// <summary>How many there were before this one; the mask follows from it.</summary>
    public long Step;

    /// <summary>Zeros and ones, of the input's shape.</summary>
    public Tensor Mask = null!;

    /// <summary>1/(1 − p), or 0 where nothing is kept.</summary>
    public float Scale => P < 1 ? (float)(1 / (1 - P)) : 0;
}
