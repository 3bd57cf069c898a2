using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>What a pass runs for one layer, cut into parts that threads share. The tensors are connected before.</summary>
/// <remarks>
/// <see cref="Forward"/> and <see cref="Backward"/> touch one block of images, so blocks may run at the same time. So may the units of
/// <see cref="ParameterGradient"/>: each sums over all valid images in a fixed order and overwrites its own elements of the gradients. A computation
/// that needs sums over the whole batch first has units for them (<see cref="ForwardUnit"/>, <see cref="BackwardUnit"/>) under the same rules.
/// </remarks>
internal abstract class Computation
{
    /// <summary>The layout that the input must have; null where any will do.</summary>
    public virtual Layout? InputLayout => null;

    /// <summary>Whether every block of the input must be there before anything else runs; known once the forward pass is connected.</summary>
    public virtual bool NeedsWholeBatch => false;

    /// <summary>Units that run, in any order, before <see cref="Forward"/>.</summary>
    public virtual int ForwardUnits => 0;

    /// <summary>Units that run, in any order, before <see cref="Backward"/>.</summary>
    public virtual int BackwardUnits => 0;

    /// <summary>Units of the parameters' gradients; they run when all blocks are back. Known once the backward pass is connected.</summary>
    public virtual int ParameterUnits => 0;

    /// <summary>Begins a forward pass, before any of its units and blocks.</summary>
    public virtual void Begin()
    {
    }

    public virtual void ForwardUnit(int unit) => throw new NotSupportedException("there are no units in this forward pass");

    /// <summary>The output of one block.</summary>
    public abstract void Forward(int block);

    public virtual void BackwardUnit(int unit) => throw new NotSupportedException("there are no units in this backward pass");

    /// <summary>The input gradient of one block, if wanted, and what the parameter gradients need from it.</summary>
    public abstract void Backward(int block);

    public virtual void ParameterGradient(int unit) => throw new NotSupportedException("there are no parameters");
}
