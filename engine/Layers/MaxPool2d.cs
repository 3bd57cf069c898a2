using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// The largest element under each window, as <c>torch.nn.MaxPool2d</c>. Padding never wins. The window is scanned row by row, and a later element
/// replaces the maximum when it is greater or NaN: the first of a tie wins, and the last NaN. The whole gradient goes to the winner.
/// </summary>
public sealed class MaxPool2d : KernelLayer
{
    private readonly MaxPool2dOperands _operands;
    private readonly Window2d _window;
    private Tensor? _output;
    private Tensor? _winners;

    /// <param name="stride">The kernel's size if null.</param>
    /// <param name="padding">At most half the kernel on each side.</param>
    /// <param name="ceilMode">Rounds the output size up; a last window that would start behind the input is dropped.</param>
    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    public MaxPool2d(
        Size2d kernelSize,
        Size2d? stride = null,
        Padding2d padding = default,
        Size2d? dilation = null,
        bool ceilMode = false,
        KernelChoice? kernels = null)
        : this(new(), new Window2d("max_pool2d", kernelSize, stride ?? kernelSize, padding, dilation ?? 1, ceilMode).CheckedPool(), kernels)
    {
    }

    private MaxPool2d(MaxPool2dOperands operands, Window2d window, KernelChoice? kernels)
        : base(KernelTable.Create("max_pool2d", operands, kernels), operands)
    {
        _operands = operands;
        _window = window;
    }

    public override string Operation => "max_pool2d";

    public Size2d KernelSize => _window.Size;

    public Size2d Stride => _window.Stride;

    public Padding2d Padding => _window.Padding;

    public Size2d Dilation => _window.Dilation;

    /// <summary>Whether the output size is rounded up.</summary>
    public bool CeilMode => _window.CeilMode;

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        if (input.Shape.Length != 4)
            throw Shapes.Wrong(Operation, "[N, C, H, W]", input.Shape);
        _operands.Vertical = _window.Vertical(input.Shape[2]);
        _operands.Horizontal = _window.Horizontal(input.Shape[3]);
        Tensor.Reuse(ref _output, layout, input.Images, input.Shape[1], _operands.Vertical.Output, _operands.Horizontal.Output);
        _operands.Winners = Tensor.Reuse(ref _winners, layout, _output!.Shape);
        return _output;
    }
}
