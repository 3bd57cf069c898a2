namespace Conformance.Tests.Cli.Predict;

/// <summary>A seven with soft edges, drawn by code: two strokes of a pen.</summary>
internal static class DrawnDigit
{
    /// <summary>Light on dark: 0 for ground, 255 for ink.</summary>
    /// <param name="size">Of the picture, which is square.</param>
    /// <param name="scale">The height of the figure.</param>
    /// <param name="top">Where it begins.</param>
    public static byte[] Seven(int size, double scale, double top, double left)
    {
        var grey = new byte[size * size];
        for (int i = 0; i < grey.Length; i++)
        {
            double y = (i / size + 0.5 - top) / scale, x = (i % size + 0.5 - left) / scale;
            double distance = Math.Min(ToStroke(y, x, (0.07, 0.07), (0.07, 0.63)), ToStroke(y, x, (0.07, 0.63), (0.93, 0.25)));
            grey[i] = (byte)Math.Round(255 * Math.Clamp((0.07 - distance) * scale + 0.5, 0, 1));
        }
        return grey;
    }

    private static double ToStroke(double y, double x, (double Y, double X) from, (double Y, double X) to)
    {
        double dy = to.Y - from.Y, dx = to.X - from.X;
        double along = Math.Clamp(((y - from.Y) * dy + (x - from.X) * dx) / (dy * dy + dx * dx), 0, 1);
        return Math.Sqrt(Math.Pow(y - from.Y - along * dy, 2) + Math.Pow(x - from.X - along * dx, 2));
    }
}
