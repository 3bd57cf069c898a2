namespace Conformance.Oracle.Operations;

/// <summary>The divisor of the sum over a window, from the window and count_include_pad.</summary>
public sealed record AvgPool2dTerms(Func<PoolWindow, bool, double> Divisor)
{
    public static AvgPool2dTerms Right { get; } = new((window, counted) => Size(window.Geometry, window.OH, window.OW, counted, counted));

    /// <summary>The number of window elements inside the input, or inside the padding too on the axes that count it.</summary>
    public static int Size(PoolGeometry g, int oh, int ow, bool rows, bool columns) =>
        g.Height.Within(oh, rows ? g.Height.Padding : 0) * g.Width.Within(ow, columns ? g.Width.Padding : 0);
}
