using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>The height and width of a kernel, a stride or a dilation. A single number means both.</summary>
public readonly record struct Size2d(int Height, int Width)
{
    public static implicit operator Size2d(int both) => new(both, both);
    public static implicit operator Size2d((int Height, int Width) size) => new(size.Height, size.Width);
}

/// <summary>The rows and columns added around an image. A single number means all sides, a pair means (height, width).</summary>
public readonly record struct Padding2d(int Top, int Bottom, int Left, int Right)
{
    public static implicit operator Padding2d(int all) => new(all, all, all, all);
    public static implicit operator Padding2d((int Height, int Width) size) => new(size.Height, size.Height, size.Width, size.Width);
    public static implicit operator Padding2d((int Top, int Bottom, int Left, int Right) sides) =>
        new(sides.Top, sides.Bottom, sides.Left, sides.Right);
}

/// <summary>The geometry of a convolution or a pool: how a window slides over images of any height and width.</summary>
internal sealed record Window2d(string Operation, Size2d Size, Size2d Stride, Padding2d Padding, Size2d Dilation, bool CeilMode = false)
{
    /// <summary>The longest allowed axis, with padding. Positions on it, and one step beyond, then fit in 32 bits.</summary>
    private const int Longest = 1 << 30;

    /// <summary>Checks the geometry as far as possible without an input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A kernel, stride or dilation is below 1, or a padding is negative.</exception>
    public Window2d Checked()
    {
        foreach (var (name, size) in new[] { ("kernelSize", Size), ("stride", Stride), ("dilation", Dilation) })
        {
            Shapes.AtLeast(1, size.Height, Operation, name);
            Shapes.AtLeast(1, size.Width, Operation, name);
        }
        foreach (int side in new[] { Padding.Top, Padding.Bottom, Padding.Left, Padding.Right })
            Shapes.AtLeast(0, side, Operation, "padding");
        return this;
    }

    /// <summary>Checks the geometry of a pool as far as possible without an input.</summary>
    /// <exception cref="ArgumentException"><see cref="Checked"/> throws, or a padding is more than half the kernel.</exception>
    public Window2d CheckedPool()
    {
        Checked();
        int highest = Math.Max(Padding.Top, Padding.Bottom), widest = Math.Max(Padding.Left, Padding.Right);
        return highest <= Size.Height / 2 && widest <= Size.Width / 2
            ? this
            : throw new ArgumentException($"{Operation}: expected padding of at most half the kernel {Size.Height}×{Size.Width}, "
                + $"got {highest} in height and {widest} in width", "padding");
    }

    public WindowAxis Vertical(int height) => Slide("height", height, Size.Height, Stride.Height, Padding.Top, Padding.Bottom, Dilation.Height);

    public WindowAxis Horizontal(int width) => Slide("width", width, Size.Width, Stride.Width, Padding.Left, Padding.Right, Dilation.Width);

    /// <summary>
    /// The output size is ⌊(input + before + after − dilation·(kernel − 1) − 1) / stride⌋ + 1. With <see cref="CeilMode"/> the division
    /// rounds up, but a last window that would start in the padding behind the input is dropped (PyTorch's rule).
    /// </summary>
    private WindowAxis Slide(string name, int input, int kernel, int stride, int before, int after, int dilation)
    {
        long padded = (long)input + before + after, room = padded - (long)dilation * (kernel - 1) - 1;
        if (padded > Longest)
            throw new ArgumentException($"{Operation}: expected a padded input {name} of at most {Longest}, got {padded}");
        if (input < 1 || room < 0)
        {
            throw new ArgumentException($"{Operation}: expected an input {name} of at least {Math.Max(1, input - room)} "
                + $"(kernel {kernel}, dilation {dilation}, padding {before}+{after}), got {input}");
        }
        long output = (CeilMode ? room + stride - 1 : room) / stride + 1;
        if (CeilMode && (output - 1) * stride >= input + before)
            output--;
        return new WindowAxis(input, (int)output, kernel, stride, before, kernel == 1 ? 1 : dilation);
    }
}
