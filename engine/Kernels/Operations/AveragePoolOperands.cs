namespace Conformance.Engine.Kernels.Operations;

/// <summary>The windows of an average along one axis (height or width).</summary>
/// <param name="Input">The axis's length.</param>
/// <param name="First">For each window its first element inside the input.</param>
/// <param name="End">The element behind its last one inside the input.</param>
/// <param name="Count">The elements that the divisor counts; of both axes the product is the divisor.</param>
internal sealed record AverageWindows(int Input, int[] First, int[] End, int[] Count)
{
    public int Output => First.Length;

    /// <summary>One window after the other, from the bounds of each.</summary>
    public static AverageWindows FromBounds(int input, int output, Func<int, (int First, int End, int Count)> window)
    {
        var windows = Enumerable.Range(0, output).Select(window).ToArray();
        return new(input, [.. windows.Select(w => w.First)], [.. windows.Select(w => w.End)], [.. windows.Select(w => w.Count)]);
    }
}

/// <summary>What the layers that average over windows share with their kernels. They differ only in where the windows lie.</summary>
internal sealed class AveragePoolOperands : Operands
{
    public AverageWindows Vertical = null!;
    public AverageWindows Horizontal = null!;
}
