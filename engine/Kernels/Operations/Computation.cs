using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The work of one layer in a pass, cut into parts that threads share. The tensors are connected first.</summary>
/// <remarks>
/// <see cref="Forward"/> and <see cref="Backward"/> touch one block of images, so blocks may run at the same time. So may the units of
/// <see cref="ParameterGradient"/>: each sums over all valid images in a fixed order and overwrites its own elements of the gradients. A computation
/// that first needs sums over the whole batch has units for them (<see cref="ForwardUnit"/>, <see cref="BackwardUnit"/>), under the same rules.
/// </remarks>
internal abstract class Computation
{
    /// <summary>The layout that the input must have; null for any.</summary>
    public virtual Layout? InputLayout => null;

    /// <summary>Whether the forward pass needs the whole batch before its units run. Known once the forward pass is connected.</summary>
    public virtual bool NeedsWholeBatch => false;

    /// <summary>The number of units that run before <see cref="Forward"/>, in any order.</summary>
    public virtual int ForwardUnits => 0;

    /// <summary>The number of units that run before <see cref="Backward"/>, in any order.</summary>
    public virtual int BackwardUnits => 0;

    /// <summary>
    /// The number of units of the parameter gradients. They run after the backward pass of all blocks. Known once that pass is connected.
    /// </summary>
    public virtual int ParameterUnits => 0;

    /// <summary>Starts a forward pass, before any unit or block.</summary>
    public virtual void Begin()
    {
    }

    public virtual void ForwardUnit(int unit) => throw new NotSupportedException("there are no units in this forward pass");

    /// <summary>Computes the output of one block.</summary>
    public abstract void Forward(int block);

    public virtual void BackwardUnit(int unit) => throw new NotSupportedException("there are no units in this backward pass");

    /// <summary>Computes the input gradient of one block, if wanted, and whatever the parameter gradients need from the block.</summary>
    public abstract void Backward(int block);

    public virtual void ParameterGradient(int unit) => throw new NotSupportedException("there are no parameters");
}
