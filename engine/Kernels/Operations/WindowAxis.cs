using System.Runtime.CompilerServices;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>
/// A window that slides along one axis (height or width). Output element <c>o</c> sees input <c>o·Stride − Before + tap·Dilation</c> for each
/// tap.
/// </summary>
/// <param name="Before">The padding before the first input element; negative if elements are cut off.</param>
internal readonly record struct WindowAxis(int Input, int Output, int Taps, int Stride, int Before, int Dilation)
{
    /// <summary>The number of input elements from the first to the last that any window touches.</summary>
    public int Extent => (Output - 1) * Stride + (Taps - 1) * Dilation + 1;

    /// <summary>
    /// The axis of the input gradient. The same taps, in reverse order, slide with stride 1 over the output gradient, which has <c>Stride − 1</c>
    /// zeros between its elements.
    /// </summary>
    public WindowAxis Adjoint => new((Output - 1) * Stride + 1, Input, Taps, 1, (Taps - 1) * Dilation - Before, Dilation);

    /// <summary>The input position of a tap of a window. A position outside 0 … Input − 1 is padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Position(int output, int tap) => output * Stride - Before + tap * Dilation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int position) => (uint)position < (uint)Input;

    /// <summary>The first tap that is not before the input; the number of taps if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FirstTap(int output)
    {
        int start = output * Stride - Before;
        return start >= 0 ? 0 : Math.Min(Taps, (Dilation - 1 - start) / Dilation);
    }

    /// <summary>One more than the last tap inside the input. It is at most <see cref="FirstTap"/> if the window has only padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EndTap(int output)
    {
        int start = output * Stride - Before;
        return start + (Taps - 1) * Dilation < Input ? Taps : Math.Max(0, (Input - start + Dilation - 1) / Dilation);
    }
}
