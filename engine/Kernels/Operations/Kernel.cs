using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The tensors that a layer and its kernel share. A layer connects them; a kernel reads and writes them.</summary>
internal class Operands
{
    public Tensor Input = null!;
    public Tensor Output = null!;
    public Tensor OutputGradient = null!;

    /// <summary>Null where nobody will read it: the kernel then leaves it out.</summary>
    public Tensor? InputGradient;
}

/// <summary>One way to compute an operation, made for the operands of one layer. What it remembers between passes lies in the operands.</summary>
internal abstract class Kernel : Computation
{
    /// <summary>What the kernel table calls it: <c>clear</c> or <c>fast</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The layout of every tensor that has images.</summary>
    public abstract Layout Layout { get; }

    public sealed override Layout? InputLayout => Layout;

    /// <summary>Called when the tensors of the forward pass are connected: the place to allocate scratch memory.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>The same for the backward pass.</summary>
    public virtual void PrepareBackward()
    {
    }
}
