using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// 2-D cross-correlation, as <c>torch.nn.Conv2d</c> with zero padding: <c>y[n,o,i,j] = b[o] + Σ w[o,c,ky,kx] · x[n,c, i·s − p + ky·d, j·s −
/// p + kx·d]</c>.
/// </summary>
public sealed class Conv2d : KernelLayer
{
    private readonly Conv2dOperands _operands;
    private readonly Window2d _window;
    private readonly int _inChannels;
    private readonly int _outChannels;
    private Tensor? _output;

    /// <summary>Creates a layer whose weights and bias are zeros. <c>Initialization</c> draws them.</summary>
    /// <param name="groups">The number of groups. It divides both channel counts, and output group g sees only input group g.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    public Conv2d(
        int inChannels,
        int outChannels,
        Size2d kernelSize,
        Size2d? stride = null,
        Padding2d padding = default,
        Size2d? dilation = null,
        int groups = 1,
        bool bias = true,
        KernelChoice? kernels = null)
        : this(Shape(inChannels, outChannels, kernelSize, groups, bias), new("conv2d", kernelSize, stride ?? 1, padding, dilation ?? 1), kernels)
    {
        _inChannels = inChannels;
        _outChannels = outChannels;
    }

    private Conv2d(Conv2dOperands operands, Window2d window, KernelChoice? kernels)
        : base(KernelTable.Create("conv2d", operands, kernels), operands)
    {
        _operands = operands;
        _window = window.Checked();
    }

    public override string Operation => "conv2d";

    /// <summary>The weights, <c>[outChannels, inChannels / groups, kernel height, kernel width]</c>.</summary>
    public Parameter Weight => _operands.Weight;

    /// <summary>The bias, <c>[outChannels]</c>; null without bias.</summary>
    public Parameter? Bias => _operands.Bias;

    public Size2d KernelSize => _window.Size;

    public Size2d Stride => _window.Stride;

    public Padding2d Padding => _window.Padding;

    public Size2d Dilation => _window.Dilation;

    public int Groups => _operands.Groups;

    public override IReadOnlyList<Parameter> Parameters => Bias is null ? [Weight] : [Weight, Bias];

    internal override long MultiplyAdds =>
        (long)_operands.Vertical.Output * _operands.Horizontal.Output * Weight.Value.Length;

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        if (input.Shape.Length != 4 || input.Shape[1] != _inChannels)
            throw Shapes.Wrong(Operation, $"[N, {_inChannels}, H, W]", input.Shape);
        _operands.Vertical = _window.Vertical(input.Shape[2]);
        _operands.Horizontal = _window.Horizontal(input.Shape[3]);
        return Tensor.Reuse(ref _output, layout, input.Images, _outChannels, _operands.Vertical.Output, _operands.Horizontal.Output);
    }

    private static Conv2dOperands Shape(int inChannels, int outChannels, Size2d kernel, int groups, bool bias)
    {
        Shapes.AtLeast(1, inChannels, "conv2d", nameof(inChannels));
        Shapes.AtLeast(1, outChannels, "conv2d", nameof(outChannels));
        Shapes.AtLeast(1, groups, "conv2d", nameof(groups));
        if (inChannels % groups != 0 || outChannels % groups != 0)
            throw new ArgumentException(
                $"conv2d: expected groups that divide {inChannels} input and {outChannels} output channels, got {groups}", nameof(groups));
        return new()
        {
            Weight = new("weight", outChannels, inChannels / groups, Math.Max(0, kernel.Height), Math.Max(0, kernel.Width)),
            Bias = bias ? new("bias", outChannels) : null,
            Groups = groups,
        };
    }
}
