using System.Runtime.CompilerServices;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>
/// A window that slides along one axis (height or width): output element <c>o</c> sees input <c>o·Stride − Before + tap·Dilation</c> for each tap.
/// </summary>
/// <param name="Before">Padding in front of the first input element; negative where elements are left out.</param>
internal readonly record struct WindowAxis(int Input, int Output, int Taps, int Stride, int Before, int Dilation)
{
    /// <summary>The input elements from the first that a window touches to the last.</summary>
    public int Extent => (Output - 1) * Stride + (Taps - 1) * Dilation + 1;

    /// <summary>
    /// The axis of the input gradient: the same taps, last first, slide with stride 1 over the output gradient with <c>Stride − 1</c> zeros between
    /// its elements.
    /// </summary>
    public WindowAxis Adjoint => new((Output - 1) * Stride + 1, Input, Taps, 1, (Taps - 1) * Dilation - Before, Dilation);

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
        return start >= 0 ? 0 : Math.Min(Taps, (Dilation - 1 - start) / Dilation);
    }

    /// <summary>The tap behind the last one inside the input; at or before <see cref="FirstTap"/> where the window sees padding alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EndTap(int output)
    {
        int start = output * Stride - Before;
        return start + (Taps - 1) * Dilation < Input ? Taps : Math.Max(0, (Input - start + Dilation - 1) / Dilation);
    }
}
