using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// In training drops each element with probability p and scales what is kept, as <c>torch.nn.Dropout</c> (Srivastava et al. 2014, inverted): <c>y = x
/// · mask / (1 − p)</c>, and backward <c>dx = dy · mask / (1 − p)</c>. In evaluation it is the identity.
/// </summary>
/// <remarks>
/// Whether an element is kept depends on the seed, the step, the image's place in the batch and the element's place in the image alone: not on
/// threads or kernels, and on nothing drawn elsewhere. Layers with the same seed draw the same masks, so each should have its own.
/// </remarks>
public sealed class Dropout : KernelLayer
{
    private readonly DropoutOperands _operands;
    private Tensor? _output;
    private Tensor? _mask;

    /// <param name="p">The share that is dropped, from 0 to 1. At 1 nothing is kept.</param>
    /// <param name="seed">Of the masks; another layer should have another.</param>
    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not from 0 to 1.</exception>
    public Dropout(double p = 0.5, ulong seed = 0, KernelChoice? kernels = null) : this(new DropoutOperands { P = p, Seed = seed }, kernels)
    {
        if (!(p >= 0 && p <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, $"dropout: expected p from 0 to 1, got {p}");
    }

    private Dropout(DropoutOperands operands, KernelChoice? kernels) : base(KernelTable.Create("dropout", operands, kernels), operands) =>
        _operands = operands;

    public override string Operation => "dropout";

    /// <summary>The share that is dropped.</summary>
    public double P => _operands.P;

    /// <summary>Forward passes in training so far, which the next mask is drawn from; set it to go on where another run stopped.</summary>
    public long Step
    {
        get => _operands.Passes;
        set => _operands.Passes = value;
    }

    /// <summary>
    /// A mask to use in training in place of drawn ones; of the input's shape, ones where an element is kept, zeros where it is dropped. Null to
    /// draw.
    /// </summary>
    /// <exception cref="ArgumentException">It holds another number.</exception>
    public Tensor? Mask
    {
        get;
        set
        {
            if (value?.Span.IndexOfAnyExcept(0f, 1f) is int at and >= 0)
                throw new ArgumentException($"dropout: expected a mask of zeros and ones, got {value.Span[at]} as element {at}", nameof(value));
            field = value;
        }
    }

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        var o = _operands;
        (o.Drops, o.Given) = (Training, Mask is not null);
        if (Training)
        {
            if (Mask is not null)
                Shapes.Check(Operation, "a mask", input.Shape, Mask.Shape);
            o.Mask = Tensor.Reuse(ref _mask, layout, input.Shape);
            if (Mask is not null)
                o.Mask.CopyFrom(Mask);
        }
        return Tensor.Reuse(ref _output, layout, input.Shape);
    }
}
