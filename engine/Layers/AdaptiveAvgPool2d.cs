using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// Averages images of any size to one fixed size, as <c>torch.nn.AdaptiveAvgPool2d</c>. Input <c>[N, C, H, W]</c>, output <c>[N, C, OH, OW]</c>.
/// Along an axis of <c>H</c> elements, output <c>i</c> of <c>O</c> is the mean of the elements <c>⌊i·H/O⌋ … ⌈(i+1)·H/O⌉ − 1</c>. If
/// <c>O</c> does not divide <c>H</c>, windows overlap and differ in size.
/// </summary>
public sealed class AdaptiveAvgPool2d : KernelLayer
{
    private readonly AveragePoolOperands _operands;
    private readonly Size2d _size;
    private Tensor? _output;

    /// <param name="outputSize">The height and width of the output, each at least 1.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An output size is below 1.</exception>
    public AdaptiveAvgPool2d(Size2d outputSize, KernelChoice? kernels = null) : this(new(), outputSize, kernels)
    {
        Shapes.AtLeast(1, outputSize.Height, Operation, nameof(outputSize));
        Shapes.AtLeast(1, outputSize.Width, Operation, nameof(outputSize));
    }

    private AdaptiveAvgPool2d(AveragePoolOperands operands, Size2d size, KernelChoice? kernels)
        : base(KernelTable.Create("adaptive_avg_pool2d", operands, kernels), operands) => (_operands, _size) = (operands, size);

    public override string Operation => "adaptive_avg_pool2d";

    public Size2d OutputSize => _size;

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        var o = _operands;
        if (input.Shape.Length != 4 || input.Shape[2] == 0 || input.Shape[3] == 0)
            throw Shapes.Wrong(Operation, "[N, C, H, W] with a height and width of 1 or more", input.Shape);
        // Refuses an output that is too large, before the windows are created.
        Tensor.Reuse(ref _output, layout, input.Images, input.Shape[1], _size.Height, _size.Width);
        if (o.Vertical?.Input != input.Shape[2])
            o.Vertical = Windows(input.Shape[2], _size.Height);
        if (o.Horizontal?.Input != input.Shape[3])
            o.Horizontal = Windows(input.Shape[3], _size.Width);
        return _output!;
    }

    private static AverageWindows Windows(int input, int output) => AverageWindows.FromBounds(input, output, window =>
    {
        int first = (int)((long)window * input / output), end = (int)(((window + 1L) * input + output - 1) / output);
        return (first, end, end - first);
    });
}
