namespace Conformance.Engine.Data;

/// <summary>
/// The normalisation of pixels to a network's input: <c>(pixel / 255 − Mean) / Deviation</c>. The constants are the same for every data set, so
/// files of weights need not contain them.
/// </summary>
public static class Normalization
{
    /// <summary>The mean of the pixels of MNIST's training images, scaled to [0, 1].</summary>
    public const double Mean = 0.1307;

    /// <summary>The standard deviation of the pixels of MNIST's training images, scaled to [0, 1].</summary>
    public const double Deviation = 0.3081;

    /// <summary>The normalised value of each byte, computed in float64 and rounded once.</summary>
    private static readonly float[] _values = [.. Enumerable.Range(0, 256).Select(pixel => (float)((pixel / 255.0 - Mean) / Deviation))];

    /// <summary>The normalised value of each byte, as a table for loops.</summary>
    internal static ReadOnlySpan<float> ByteValues => _values;

    /// <summary>The network's input for a pixel.</summary>
    public static float FromByte(byte pixel) => _values[pixel];

    /// <summary>The network's input for a pixel in [0, 1].</summary>
    public static float FromUnit(float pixel) => (pixel - (float)Mean) * (float)(1 / Deviation);
}
