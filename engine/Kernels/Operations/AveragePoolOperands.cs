namespace Conformance.Engine.Kernels.Operations;

/// <summary>The windows of an average pool along one axis (height or width).</summary>
/// <param name="Input">The length of the axis.</param>
/// <param name="First">For each window, its first element inside the input.</param>
/// <param name="End">For each window, the position behind its last element inside the input.</param>
/// <param name="Count">For each window, the number of elements that the divisor counts. The divisor is the product over both axes.</param>
internal sealed record AverageWindows(int Input, int[] First, int[] End, int[] Count)
{
    public int Output => First.Length;

    /// <summary>Creates the windows from the bounds of each.</summary>
    public static AverageWindows FromBounds(int input, int output, Func<int, (int First, int End, int Count)> window)
    {
        var windows = Enumerable.Range(0, output).Select(window).ToArray();
        return new(input, [.. windows.Select(w => w.First)], [.. windows.Select(w => w.End)], [.. windows.Select(w => w.Count)]);
    }
}

/// <summary>The operands of the average pools. The two layers differ only in where the windows are.</summary>
internal sealed class AveragePoolOperands : Operands
{
    public AverageWindows Vertical = null!;
    public AverageWindows Horizontal = null!;
}
