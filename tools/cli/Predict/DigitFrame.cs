namespace Conformance.Cli.Predict;

/// <summary>
/// Lays a figure into a field as MNIST did: scaled to fit a box of 20×20 with its proportions kept, then placed so that its centre of mass is the
/// middle of the field of 28×28. Fields of other sizes have a box in proportion. Source: the page of LeCun, Cortes and Burges; which of the four
/// pixels around the middle is meant, MNIST's images tell.
/// </summary>
internal static class DigitFrame
{
    /// <summary>Where the centre of mass is, of the height or width of a field: in MNIST at 14.5, the centre of pixel 14 counted from 0.</summary>
    public static double MiddleOf(int extent) => extent / 2.0 + 0.5;

    /// <summary>The longer side of a figure in a field.</summary>
    public static int BoxOf(int height, int width) => Math.Max(1, (int)Math.Round(20.0 / 28 * Math.Min(height, width)));

    /// <param name="grey">A picture of any size, light on dark, row by row.</param>
    /// <param name="ink">The figure in it.</param>
    /// <param name="toHeight">Of the field.</param>
    /// <returns>The field: 0 for ground, 255 for the strongest ink.</returns>
    public static byte[] Center(ReadOnlySpan<byte> grey, int height, int width, Ink ink, int toHeight, int toWidth)
    {
        double scale = (double)BoxOf(toHeight, toWidth) / Math.Max(ink.Height, ink.Width);
        int rows = Math.Max(1, (int)Math.Round(ink.Height * scale)), columns = Math.Max(1, (int)Math.Round(ink.Width * scale));
        var strength = Ink.Strengths(grey, height, width);
        var crop = new double[ink.Height * ink.Width];
        for (int y = 0; y < ink.Height; y++)
            for (int x = 0; x < ink.Width; x++)
                crop[y * ink.Width + x] = strength[(ink.Top + y) * width + ink.Left + x];
        var figure = Transposed(Resized(Transposed(Resized(crop, ink.Width, rows), rows, ink.Width), rows, columns), columns, rows);

        double mass = figure.Sum(), peak = figure.Max();
        double row = 0, column = 0;
        for (int i = 0; i < figure.Length; i++)
        {
            row += figure[i] * (i / columns + 0.5) / mass;
            column += figure[i] * (i % columns + 0.5) / mass;
        }
        int top = Math.Clamp((int)Math.Round(MiddleOf(toHeight) - row), 0, toHeight - rows);
        int left = Math.Clamp((int)Math.Round(MiddleOf(toWidth) - column), 0, toWidth - columns);
        var field = new byte[toHeight * toWidth];
        for (int i = 0; i < figure.Length; i++)
            field[(top + i / columns) * toWidth + left + i % columns] = (byte)Math.Round(255 * figure[i] / peak);
        return field;
    }

    /// <summary>Another number of rows: each is the mean of the rows that it covers.</summary>
    private static double[] Resized(double[] image, int width, int rows)
    {
        int height = image.Length / width;
        double step = (double)height / rows;
        var resized = new double[rows * width];
        for (int y = 0; y < rows; y++)
        {
            double from = y * step, to = from + step;
            for (int source = (int)from; source < height && source < to; source++)
            {
                double share = (Math.Min(to, source + 1) - Math.Max(from, source)) / step;
                for (int x = 0; x < width; x++)
                    resized[y * width + x] += share * image[source * width + x];
            }
        }
        return resized;
    }

    private static double[] Transposed(double[] image, int height, int width)
    {
        var transposed = new double[image.Length];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                transposed[x * height + y] = image[y * width + x];
        return transposed;
    }
}
