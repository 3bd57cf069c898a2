using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// The mean of the elements in each window, as <c>torch.nn.AvgPool2d</c>: <c>y = Σ x / divisor</c> over the elements inside the input. The divisor
/// is the number of window elements inside the padded input (in ceil mode the last window may extend beyond it). If the padding does not count, the
/// divisor is the number of window elements inside the input.
/// </summary>
public sealed class AvgPool2d : KernelLayer
{
    private readonly AveragePoolOperands _operands;
    private readonly Window2d _window;
    private readonly bool _countIncludePad;
    private Tensor? _output;

    /// <param name="stride">The distance between windows; the kernel's size if null.</param>
    /// <param name="padding">The padding on each side, at most half the kernel.</param>
    /// <param name="ceilMode">Rounds the output size up. A last window that would start behind the input is dropped.</param>
    /// <param name="countIncludePad">Whether the padding counts in the divisor.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    /// <exception cref="ArgumentException">A kernel or stride is below 1, or a padding is below 0 or more than half the kernel.</exception>
    public AvgPool2d(
        Size2d kernelSize,
        Size2d? stride = null,
        Padding2d padding = default,
        bool ceilMode = false,
        bool countIncludePad = true,
        KernelChoice? kernels = null)
        : this(new(), new Window2d("avg_pool2d", kernelSize, stride ?? kernelSize, padding, 1, ceilMode).CheckedPool(), countIncludePad, kernels)
    {
    }

    private AvgPool2d(AveragePoolOperands operands, Window2d window, bool countIncludePad, KernelChoice? kernels)
        : base(KernelTable.Create("avg_pool2d", operands, kernels), operands) =>
        (_operands, _window, _countIncludePad) = (operands, window, countIncludePad);

    public override string Operation => "avg_pool2d";

    public Size2d KernelSize => _window.Size;

    public Size2d Stride => _window.Stride;

    public Padding2d Padding => _window.Padding;

    /// <summary>Whether the output size is rounded up.</summary>
    public bool CeilMode => _window.CeilMode;

    /// <summary>Whether the padding counts in the divisor.</summary>
    public bool CountIncludePad => _countIncludePad;

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        var (o, padding) = (_operands, _window.Padding);
        if (input.Shape.Length != 4)
            throw Shapes.Wrong(Operation, "[N, C, H, W]", input.Shape);
        var (vertical, horizontal) = (_window.Vertical(input.Shape[2]), _window.Horizontal(input.Shape[3]));
        if (o.Vertical?.Input != vertical.Input)
            o.Vertical = Windows(vertical, padding.Bottom);
        if (o.Horizontal?.Input != horizontal.Input)
            o.Horizontal = Windows(horizontal, padding.Right);
        return Tensor.Reuse(ref _output, layout, input.Images, input.Shape[1], vertical.Output, horizontal.Output);
    }

    private AverageWindows Windows(WindowAxis axis, int after) => AverageWindows.FromBounds(axis.Input, axis.Output, window =>
    {
        int start = axis.Position(window, 0);
        int first = Math.Max(start, 0), end = Math.Min(start + axis.Taps, axis.Input);
        return (first, end, _countIncludePad ? Math.Min(start + axis.Taps, axis.Input + after) - start : end - first);
    });
}
