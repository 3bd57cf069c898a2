namespace Conformance.Oracle.Operations;

/// <summary>The windows of a pool along one axis, as PyTorch places them.</summary>
public readonly record struct PoolAxis(int Length, int Kernel, int Stride, int Padding, int Dilation, bool Ceil)
{
    /// <summary>The distance that the window can move; below 0 if the kernel is larger than the padded input.</summary>
    public int Room => Length + 2 * Padding - Dilation * (Kernel - 1) - 1;

    /// <summary>The number of windows. With ceil_mode a last, partial window counts if it starts inside the input or the padding before it.</summary>
    public int Windows
    {
        get
        {
            if (Room < 0)
                return 0;
            var windows = Room / Stride + 1;
            var partial = Ceil && Room % Stride != 0 && windows * Stride < Length + Padding;
            return partial ? windows + 1 : windows;
        }
    }

    /// <summary>The position of a window's tap; outside [0, Length) it is padding.</summary>
    public int At(int window, int tap) => window * Stride - Padding + tap * Dilation;

    /// <summary>The number of a window's taps inside the input or within <paramref name="padding"/> of it.</summary>
    public int Within(int window, int padding)
    {
        var (axis, count) = (this, 0);
        for (var tap = 0; tap < Kernel; tap++)
            count += axis.At(window, tap) >= -padding && axis.At(window, tap) < Length + padding ? 1 : 0;
        return count;
    }
}

/// <summary>Windows over several planes (N·C of them) of Height × Width.</summary>
public sealed record PoolGeometry(int Channels, PoolAxis Height, PoolAxis Width) : IPlanes
{
    (int Height, int Width) IPlanes.Input => (Height.Length, Width.Length);

    (int Height, int Width) IPlanes.Output => (Height.Windows, Width.Windows);

    /// <summary>Whether a tap's input exists; one in the padding does not.</summary>
    public bool Holds(PoolTap tap) => tap.IH >= 0 && tap.IH < Height.Length && tap.IW >= 0 && tap.IW < Width.Length;

    /// <summary>The flat position of a tap's input.</summary>
    public int Flat(PoolTap tap) => (tap.Plane * Height.Length + tap.IH) * Width.Length + tap.IW;

    /// <summary>Moves a tap to another place of its window.</summary>
    public PoolTap Place(PoolTap tap, int i, int j) => tap with { I = i, J = j, IH = Height.At(tap.OH, i), IW = Width.At(tap.OW, j) };
}

/// <summary>
/// One element of a window: output [Plane, OH, OW], place (I, J) in the window, input [Plane, IH, IW], which may lie in the padding.
/// </summary>
public readonly record struct PoolTap(int Plane, int OH, int OW, int I, int J, int IH, int IW);

/// <summary>A window's elements inside the input, in scan order, with their values.</summary>
public sealed record PoolWindow(PoolGeometry Geometry, int OH, int OW, IReadOnlyList<PoolTap> Taps, IReadOnlyList<double> Values)
{
    /// <summary>The number of elements of a whole window.</summary>
    public int Whole => Geometry.Height.Kernel * Geometry.Width.Kernel;
}

/// <summary>
/// The number of windows on an axis, and the output of a window without an element inside the input; 0 if <c>Empty</c> is null.
/// </summary>
public sealed record PoolTerms(Func<PoolAxis, int> Windows, Func<LayerCase, double>? Empty = null);
