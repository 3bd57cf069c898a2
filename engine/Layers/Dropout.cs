using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// Dropout, as <c>torch.nn.Dropout</c> (Srivastava et al. 2014, inverted). In training each element is dropped with probability p and the others are
/// scaled: <c>y = x · mask / (1 − p)</c>, and backward <c>dx = dy · mask / (1 − p)</c>. In evaluation the layer is the identity.
/// </summary>
/// <remarks>
/// The mask depends only on the seed, the step, the image's place in the batch and the element's place in the image. Threads, kernels and other
/// random numbers do not change it. Layers with the same seed draw the same masks, so each layer should have its own seed.
/// </remarks>
public sealed class Dropout : KernelLayer
{
    private readonly DropoutOperands _operands;
    private Tensor? _output;
    private Tensor? _mask;

    /// <param name="p">The probability that an element is dropped, from 0 to 1. At 1 every element is dropped.</param>
    /// <param name="seed">The seed of the masks; each layer should have its own.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not from 0 to 1.</exception>
    public Dropout(double p = 0.5, ulong seed = 0, KernelChoice? kernels = null) : this(new DropoutOperands { P = p, Seed = seed }, kernels)
    {
        if (!(p >= 0 && p <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, $"dropout: expected p from 0 to 1, got {p}");
    }

    private Dropout(DropoutOperands operands, KernelChoice? kernels) : base(KernelTable.Create("dropout", operands, kernels), operands) =>
        _operands = operands;

    public override string Operation => "dropout";

    /// <summary>The probability that an element is dropped.</summary>
    public double P => _operands.P;

    /// <summary>The number of training forward passes so far. The next mask depends on it; set it to continue another run.</summary>
    public long Step
    {
        get => _operands.Passes;
        set => _operands.Passes = value;
    }

    /// <summary>
    /// A mask to use in training instead of drawn masks, in the input's shape: 1 where an element is kept, 0 where it is dropped. Null to draw masks.
    /// </summary>
    /// <exception cref="ArgumentException">The mask contains a number other than 0 and 1.</exception>
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
