namespace Conformance.Cli.Predict;

/// <summary>
/// The figure in a picture that is light on dark: the box that holds it, and its centre of mass. Places are in pixels from the top left.
/// </summary>
/// <param name="Row">Of the centre of mass; the centre of the first pixel is at 0.5.</param>
/// <param name="Column">Of the centre of mass.</param>
internal sealed record Ink(int Top, int Left, int Height, int Width, double Row, double Column)
{
    /// <summary>Below this share of the way from ground to peak, a pixel is paper or the halo of a stroke.</summary>
    private const float Faint = 0.15f;

    /// <summary>Greys between ground and peak below which there is no figure.</summary>
    private const int LeastContrast = 32;

    /// <returns>Null where there is no figure.</returns>
    public static Ink? Find(ReadOnlySpan<byte> grey, int height, int width)
    {
        var strength = Strengths(grey, height, width);
        var (top, left, bottom, right) = (height, width, -1, -1);
        double mass = 0, rows = 0, columns = 0;
        for (int i = 0; i < strength.Length; i++)
        {
            if (strength[i] <= 0)
                continue;
            var (y, x) = (i / width, i % width);
            (top, left, bottom, right) = (Math.Min(top, y), Math.Min(left, x), Math.Max(bottom, y), Math.Max(right, x));
            mass += strength[i];
            rows += strength[i] * (y + 0.5);
            columns += strength[i] * (x + 0.5);
        }
        return bottom < 0 ? null : new(top, left, bottom - top + 1, right - left + 1, rows / mass, columns / mass);
    }

    /// <summary>How much ink each pixel has: 0 for ground, 1 for the lightest pixel.</summary>
    public static float[] Strengths(ReadOnlySpan<byte> grey, int height, int width)
    {
        int ground = BorderMedian(grey, height, width), peak = 0;
        foreach (byte pixel in grey)
            peak = Math.Max(peak, pixel);
        var strength = new float[grey.Length];
        for (int i = 0; i < grey.Length && peak - ground >= LeastContrast; i++)
        {
            float share = (grey[i] - ground) / (float)(peak - ground);
            strength[i] = share < Faint ? 0 : share;
        }
        return strength;
    }

    /// <summary>The ground, as long as the figure does not fill half of the border.</summary>
    public static int BorderMedian(ReadOnlySpan<byte> grey, int height, int width)
    {
        var border = new List<byte>();
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x += y == 0 || y == height - 1 ? 1 : Math.Max(1, width - 1))
                border.Add(grey[y * width + x]);
        border.Sort();
        return border[border.Count / 2];
    }
}
