using System.Runtime.CompilerServices;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels;

/// <summary>A height and a width: of a kernel, a stride or a dilation. One number stands for both.</summary>
public readonly record struct Size2d(int Height, int Width)
{
    public static implicit operator Size2d(int both) => new(both, both);
    public static implicit operator Size2d((int Height, int Width) size) => new(size.Height, size.Width);
}

/// <summary>Rows and columns added around an image. One number stands for all sides, a pair for (height, width).</summary>
public readonly record struct Padding2d(int Top, int Bottom, int Left, int Right)
{
    public static implicit operator Padding2d(int all) => new(all, all, all, all);
    public static implicit operator Padding2d((int Height, int Width) size) => new(size.Height, size.Height, size.Width, size.Width);
    public static implicit operator Padding2d((int Top, int Bottom, int Left, int Right) sides) => new(sides.Top, sides.Bottom, sides.Left, sides.Right);
}

/// <summary>
/// A window that slides along one axis (height or width): output element <c>o</c> sees input <c>o·Stride − Before + tap·Dilation</c> for each tap.
/// </summary>
/// <param name="Before">Padding in front of the first input element; negative where elements are left out.</param>
internal readonly record struct Axis(int Input, int Output, int Kernel, int Stride, int Before, int Dilation)
{
    /// <summary>The input elements from the first that a window touches to the last.</summary>
    public int Extent => (Output - 1) * Stride + (Kernel - 1) * Dilation + 1;

    /// <summary>
    /// The axis of the input gradient: the same taps, last first, slide with stride 1 over the output gradient with <c>Stride − 1</c> zeros between
    /// its elements.
    /// </summary>
    public Axis Adjoint => new((Output - 1) * Stride + 1, Input, Kernel, 1, (Kernel - 1) * Dilation - Before, Dilation);

    /// <summary>Where a tap of a window lies; outside 0 … Input − 1 it lies in the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Position(int output, int tap) => output * Stride - Before + tap * Dilation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int position) => (uint)position < (uint)Input;

    /// <summary>The first tap inside the input (or behind the last tap).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FirstTap(int output)
    {
        int start = output * Stride - Before;
        return start >= 0 ? 0 : Math.Min(Kernel, (Dilation - 1 - start) / Dilation);
    }

    /// <summary>The tap behind the last one inside the input; at or before <see cref="FirstTap"/> where the window sees padding alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EndTap(int output)
    {
        int start = output * Stride - Before;
        return start + (Kernel - 1) * Dilation < Input ? Kernel : Math.Max(0, (Input - start + Dilation - 1) / Dilation);
    }
}

/// <summary>The geometry of a convolution or a pooling, as the layer was told: what it makes of an image's height and width.</summary>
internal sealed record Window2d(string Operation, Size2d Kernel, Size2d Stride, Padding2d Padding, Size2d Dilation, bool CeilMode = false)
{
    /// <summary>So long may an axis be with its padding: positions on it, and a step beyond, are still numbers of 32 bits.</summary>
    private const int Longest = 1 << 30;

    /// <summary>Checks what can be checked before an input is known.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A kernel, stride or dilation below 1, or a negative padding.</exception>
    public Window2d Checked()
    {
        foreach (var (name, size) in new[] { ("kernelSize", Kernel), ("stride", Stride), ("dilation", Dilation) })
        {
            Shapes.AtLeast(1, size.Height, Operation, name);
            Shapes.AtLeast(1, size.Width, Operation, name);
        }
        foreach (int side in new[] { Padding.Top, Padding.Bottom, Padding.Left, Padding.Right })
            Shapes.AtLeast(0, side, Operation, "padding");
        return this;
    }

    /// <summary>Checks what can be checked of a pool before an input is known.</summary>
    /// <exception cref="ArgumentException">As <see cref="Checked"/>, or a padding of more than half the kernel.</exception>
    public Window2d CheckedPool()
    {
        Checked();
        int highest = Math.Max(Padding.Top, Padding.Bottom), widest = Math.Max(Padding.Left, Padding.Right);
        return highest <= Kernel.Height / 2 && widest <= Kernel.Width / 2
            ? this
            : throw new ArgumentException($"{Operation}: expected padding of at most half the kernel {Kernel.Height}×{Kernel.Width}, "
                + $"got {highest} in height and {widest} in width", "padding");
    }

    public Axis Vertical(int height) => Slide("height", height, Kernel.Height, Stride.Height, Padding.Top, Padding.Bottom, Dilation.Height);

    public Axis Horizontal(int width) => Slide("width", width, Kernel.Width, Stride.Width, Padding.Left, Padding.Right, Dilation.Width);

    /// <summary>
    /// Output size ⌊(input + before + after − dilation·(kernel − 1) − 1) / stride⌋ + 1. With <see cref="CeilMode"/> the division rounds up, but a
    /// last window that would start in the padding behind the input is dropped (PyTorch's rule).
    /// </summary>
    private Axis Slide(string name, int input, int kernel, int stride, int before, int after, int dilation)
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
        return new Axis(input, (int)output, kernel, stride, before, kernel == 1 ? 1 : dilation);
    }
}
