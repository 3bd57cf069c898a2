using Conformance.Engine.Data;

namespace Conformance.Cli.Data;

/// <summary>Two figures that are computed from an image and not learned, both 0 … 1 where white ink is on black.</summary>
/// <param name="Intensity">The mean pixel, of 0 … 1.</param>
/// <param name="Symmetry">1 less the mean difference of a pixel from its mirror image, over the left-right and the top-bottom mirror alike; 1 is
/// symmetric both ways.</param>
internal readonly record struct ImageFeatures(double Intensity, double Symmetry)
{
    /// <summary>Sums whole numbers and divides once: the same bits everywhere.</summary>
    /// <param name="image">Row by row.</param>
    public static ImageFeatures Measure(ReadOnlySpan<byte> image, int height, int width)
    {
        long sum = 0, apart = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int pixel = image[y * width + x];
                sum += pixel;
                apart += Math.Abs(pixel - image[y * width + width - 1 - x]) + Math.Abs(pixel - image[(height - 1 - y) * width + x]);
            }
        double white = 255.0 * height * width;
        return new(sum / white, 1 - apart / (2 * white));
    }

    /// <summary>Of each image of a set.</summary>
    public static ImageFeatures[] Measure(ImageSet set)
    {
        var features = new ImageFeatures[set.Count];
        for (int i = 0; i < features.Length; i++)
            features[i] = Measure(set.Image(i), set.Height, set.Width);
        return features;
    }
}
