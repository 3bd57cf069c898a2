namespace Conformance.Engine.Data;

/// <summary>
/// How pixels become a network's input: <c>(pixel / 255 − Mean) / Deviation</c>. The numbers are the same for every data set, so a file of weights
/// need not hold them.
/// </summary>
public static class Normalization
{
    /// <summary>Of the pixels of MNIST's training images, where 255 is 1.</summary>
    public const double Mean = 0.1307;

    /// <summary>Of the pixels of MNIST's training images, where 255 is 1.</summary>
    public const double Deviation = 0.3081;

    /// <summary>The value of each byte; computed in float64 and rounded once.</summary>
    private static readonly float[] _values = [.. Enumerable.Range(0, 256).Select(pixel => (float)((pixel / 255.0 - Mean) / Deviation))];

    /// <summary>The network's input for each byte, for loops that look it up themselves.</summary>
    internal static ReadOnlySpan<float> ByteValues => _values;

    /// <summary>The network's input for a pixel.</summary>
    public static float FromByte(byte pixel) => _values[pixel];

    /// <summary>The network's input for a pixel of 0 … 1.</summary>
    public static float FromUnit(float pixel) => (pixel - (float)Mean) * (float)(1 / Deviation);
}
