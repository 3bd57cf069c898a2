using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The tensors that a layer shares with its kernel. The layer connects them; the kernel reads and writes them.</summary>
internal class Operands
{
    public Tensor Input = null!;
    public Tensor Output = null!;
    public Tensor OutputGradient = null!;

    /// <summary>The gradient of the input; null if it is not wanted. The kernel then does not compute it.</summary>
    public Tensor? InputGradient;
}

/// <summary>One implementation of an operation, for the operands of one layer. State that lasts between passes is in the operands.</summary>
internal abstract class Kernel : Computation
{
    /// <summary>The name in the kernel table: <c>clear</c> or <c>fast</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The layout of every tensor whose first axis is the images.</summary>
    public abstract Layout Layout { get; }

    public sealed override Layout? InputLayout => Layout;

    /// <summary>Allocates scratch memory. Called when the tensors of the forward pass are connected.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Allocates scratch memory. Called when the tensors of the backward pass are connected.</summary>
    public virtual void PrepareBackward()
    {
    }
}
