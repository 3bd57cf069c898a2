namespace Conformance.Oracle.Operations;

/// <summary>Window <paramref name="Index"/> of <paramref name="Outputs"/> over <paramref name="Length"/> elements of one axis.</summary>
public readonly record struct AdaptiveWindow(int Index, int Length, int Outputs)
{
    /// <summary>⌊i·H/O⌋, the first element.</summary>
    public static int Start(AdaptiveWindow w) => w.Index * w.Length / w.Outputs;

    /// <summary>⌈(i + 1)·H/O⌉, one more than the last element.</summary>
    public static int End(AdaptiveWindow w) => ((w.Index + 1) * w.Length + w.Outputs - 1) / w.Outputs;

    public static int Size(AdaptiveWindow w) => End(w) - Start(w);
}

/// <summary>An adaptive pool: C channels, the extents of the input and of the output.</summary>
public sealed record AdaptiveGeometry(int Channels, (int Height, int Width) Input, (int Height, int Width) Output) : IPlanes;

/// <summary>The start and the end of a window along one axis, and the divisor of its sum, from the windows of both axes.</summary>
public sealed record AdaptiveAvgPool2dTerms(
    Func<AdaptiveWindow, int> Start, Func<AdaptiveWindow, int> End, Func<AdaptiveWindow, AdaptiveWindow, double> Divisor)
{
    public static AdaptiveAvgPool2dTerms Right { get; } = Placed(AdaptiveWindow.Start, AdaptiveWindow.End);

    /// <summary>Terms with other windows, each divided by its own size. A window without elements gives 0.</summary>
    public static AdaptiveAvgPool2dTerms Placed(Func<AdaptiveWindow, int> start, Func<AdaptiveWindow, int> end) =>
        new(start, end, (row, column) => (end(row) - start(row)) * (end(column) - start(column)));
}
