using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// The largest element in each window, as <c>torch.nn.MaxPool2d</c>. Padding is never the maximum. Each window is scanned row by row, and a later
/// element replaces the maximum if it is greater or NaN. So the first of equal elements wins, and the last NaN. The winner receives the whole
/// gradient.
/// </summary>
public sealed class MaxPool2d : KernelLayer
{
    private readonly MaxPool2dOperands _operands;
    private readonly Window2d _window;
    private Tensor? _output;
    private Tensor? _winners;

    /// <param name="stride">The distance between windows; the kernel's size if null.</param>
    /// <param name="padding">The padding on each side, at most half the kernel.</param>
    /// <param name="ceilMode">Rounds the output size up. A last window that would start behind the input is dropped.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
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
