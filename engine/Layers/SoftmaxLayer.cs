using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>What the softmax layers and their kernels share. Along an axis but the first, an image is <c>[Outer, Length, Inner]</c>.</summary>
internal sealed class SoftmaxOperands : Operands
{
    /// <summary>The axis that rows lie along, counted from 0; the first is that of the images.</summary>
    public int Axis;

    public int Outer;
    public int Length;
    public int Inner;
}

/// <summary>What softmax and log-softmax do alike: both work on the rows along one axis of a tensor of any shape.</summary>
public abstract class SoftmaxLayer : KernelLayer
{
    private readonly SoftmaxOperands _operands;
    private Tensor? _output;

    private protected SoftmaxLayer(string operation, int dim, KernelChoice? kernels) : this(operation, dim, new(), kernels)
    {
    }

    private SoftmaxLayer(string operation, int dim, SoftmaxOperands operands, KernelChoice? kernels) : base(Computation.Of(operation, kernels, operands)) =>
        (Operation, Dim, _operands) = (operation, dim, operands);

    public override string Operation { get; }

    /// <summary>The axis along which the outputs belong together; a negative one counts from the last. Along 0 they belong together across the images.</summary>
    public int Dim { get; }

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        var o = _operands;
        var shape = input.Shape;
        o.Axis = Shapes.Axis(Operation, "dim", Dim, shape);
        if (o.Axis > 0)
            (o.Outer, o.Length, o.Inner) = (Shapes.Size(shape[1..o.Axis]), shape[o.Axis], Shapes.Size(shape[(o.Axis + 1)..]));
        return Tensor.Reuse(ref _output, layout, shape);
    }
}
