using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>The base class of softmax and log-softmax. Both work on the rows along one axis of a tensor of any shape.</summary>
public abstract class SoftmaxLayer : KernelLayer
{
    private readonly SoftmaxOperands _operands;
    private Tensor? _output;

    private protected SoftmaxLayer(string operation, int dim, KernelChoice? kernels) : this(operation, dim, new(), kernels)
    {
    }

    private SoftmaxLayer(string operation, int dim, SoftmaxOperands operands, KernelChoice? kernels)
        : base(KernelTable.Create(operation, operands, kernels), operands) => (Operation, Dim, _operands) = (operation, dim, operands);

    public override string Operation { get; }

    /// <summary>
    /// The axis of the softmax; a negative value counts from the last. Along axis 0 a row runs over all images.
    /// </summary>
    public int Dim { get; }

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        var o = _operands;
        var shape = input.Shape;
        o.Axis = Shapes.AxisAt(Operation, "dim", Dim, shape);
        if (o.Axis > 0)
            (o.Outer, o.Length, o.Inner) = (Shapes.Size(shape[1..o.Axis]), shape[o.Axis], Shapes.Size(shape[(o.Axis + 1)..]));
        return Tensor.Reuse(ref _output, layout, shape);
    }
}
