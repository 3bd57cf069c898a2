using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels;

/// <summary>The tensors that a layer and its kernel share. A layer connects them; a kernel reads and writes them.</summary>
internal abstract class Operands
{
    public Tensor Input = null!;
    public Tensor Output = null!;
    public Tensor OutputGradient = null!;

    /// <summary>Null where nobody will read it: the kernel then leaves it out.</summary>
    public Tensor? InputGradient;
}

/// <summary>One way to compute an operation. Stateless: what it remembers between passes lies in the operands.</summary>
/// <remarks>
/// <see cref="Forward"/> and <see cref="Backward"/> touch one block of images, so that blocks may run at the same time; so may the units of
/// <see cref="ParameterGradient"/>, each of which sums over all valid images in a fixed order and overwrites its own elements of the gradients. What
/// needs sums over the whole batch first has units for them (<see cref="ForwardUnit"/>, <see cref="BackwardUnit"/>) under the same rules.
/// </remarks>
internal abstract class Kernel<TOperands>
{
    /// <summary>The layout of every tensor that has images.</summary>
    public abstract Layout Layout { get; }

    /// <summary>Called when the tensors of the forward pass are connected: the place to allocate scratch memory.</summary>
    public virtual void Prepare(TOperands o)
    {
    }

    /// <summary>The same for the backward pass.</summary>
    public virtual void PrepareBackward(TOperands o)
    {
    }

    /// <summary>Whether every block of the input must be there before <see cref="ForwardUnit"/> and <see cref="Forward"/>.</summary>
    public virtual bool NeedsWholeBatch(TOperands o) => false;

    public virtual int ForwardUnits(TOperands o) => 0;

    public virtual void ForwardUnit(TOperands o, int unit) => throw new NotSupportedException("this kernel has no units in its forward pass");

    public abstract void Forward(TOperands o, int block);

    public virtual int BackwardUnits(TOperands o) => 0;

    public virtual void BackwardUnit(TOperands o, int unit) => throw new NotSupportedException("this kernel has no units in its backward pass");

    /// <summary>The input gradient of one block, if wanted, and what the parameter gradients need from it.</summary>
    public abstract void Backward(TOperands o, int block);

    public virtual int Units(TOperands o) => 0;

    public virtual void ParameterGradient(TOperands o, int unit) => throw new NotSupportedException("this kernel has no parameters");
}

/// <summary>A kernel and the operands it works on.</summary>
internal abstract class Computation
{
    public abstract string Kernel { get; }
    public abstract Layout Layout { get; }
    public abstract Operands Operands { get; }
    public abstract bool NeedsWholeBatch { get; }
    public abstract int ForwardUnits { get; }
    public abstract int BackwardUnits { get; }
    public abstract int Units { get; }
    public abstract void Prepare();
    public abstract void PrepareBackward();
    public abstract void ForwardUnit(int unit);
    public abstract void Forward(int block);
    public abstract void BackwardUnit(int unit);
    public abstract void Backward(int block);
    public abstract void ParameterGradient(int unit);

    /// <summary>The operation's kernel from the table, with operands of its own.</summary>
    public static Computation Of<TOperands>(string operation, KernelChoice? kernels, TOperands operands) where TOperands : Operands
    {
        var row = KernelTable.Find(operation, kernels);
        return new Bound<TOperands>(row.Name, (Kernel<TOperands>)row.Kernel, operands);
    }

    private sealed class Bound<TOperands>(string name, Kernel<TOperands> kernel, TOperands operands) : Computation where TOperands : Operands
    {
        public override string Kernel => name;
        public override Layout Layout => kernel.Layout;
        public override Operands Operands => operands;
        public override bool NeedsWholeBatch => kernel.NeedsWholeBatch(operands);
        public override int ForwardUnits => kernel.ForwardUnits(operands);
        public override int BackwardUnits => kernel.BackwardUnits(operands);
        public override int Units => kernel.Units(operands);
        public override void Prepare() => kernel.Prepare(operands);
        public override void PrepareBackward() => kernel.PrepareBackward(operands);
        public override void ForwardUnit(int unit) => kernel.ForwardUnit(operands, unit);
        public override void Forward(int block) => kernel.Forward(operands, block);
        public override void BackwardUnit(int unit) => kernel.BackwardUnit(operands, unit);
        public override void Backward(int block) => kernel.Backward(operands, block);
        public override void ParameterGradient(int unit) => kernel.ParameterGradient(operands, unit);
    }
}
