using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>A layer that applies one function to each element of a tensor of any shape.</summary>
public abstract class ElementwiseLayer : KernelLayer
{
    private Tensor? _output;

    private protected ElementwiseLayer(string operation, KernelChoice? kernels) : this(operation, new Operands(), kernels)
    {
    }

    private ElementwiseLayer(string operation, Operands operands, KernelChoice? kernels)
        : this(operation, KernelTable.Create(operation, operands, kernels), operands)
    {
    }

    /// <summary>Creates a layer whose function has its own operands.</summary>
    private protected ElementwiseLayer(string operation, Kernel kernel, Operands operands) : base(kernel, operands) => Operation = operation;

    public sealed override string Operation { get; }

    private protected sealed override Tensor ConnectOutput(Tensor input, Layout layout) => Tensor.Reuse(ref _output, layout, input.Shape);
}
