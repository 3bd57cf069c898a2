using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>Labelled grey images, one byte per pixel, as in the file.</summary>
public sealed class ImageSet
{
    /// <summary>The number of classes of MNIST and similar data sets. Labels are 0 … 9.</summary>
    public const int Classes = 10;

    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    /// <param name="pixels"><c>[count][height][width]</c>; not copied.</param>
    /// <param name="labels">One label per image; not copied.</param>
    /// <exception cref="ArgumentException">The arrays don't fit together, or a label is above 9.</exception>
    public ImageSet(byte[] pixels, byte[] labels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        Shapes.AtLeast(1, height, "images", nameof(height));
        Shapes.AtLeast(1, width, "images", nameof(width));
        if (pixels.Length != (long)labels.Length * height * width)
            throw new ArgumentException($"images: expected {labels.Length}×{height}×{width} pixels, got {pixels.Length}", nameof(pixels));
        if (WrongLabel(labels) is int at and >= 0)
            throw new ArgumentException($"images: expected labels from 0 to {Classes - 1}, got {labels[at]} at {at}", nameof(labels));
        (_pixels, _labels, Height, Width) = (pixels, labels, height, width);
    }

    /// <summary>The number of images.</summary>
    public int Count => _labels.Length;

    public int Height { get; }

    public int Width { get; }

    /// <summary>The labels, each 0 … 9.</summary>
    public ReadOnlySpan<byte> Labels => _labels;

    /// <summary>The pixels of one image, row by row; 0 is background.</summary>
    public ReadOnlySpan<byte> Image(int index) => _pixels.AsSpan(index * Height * Width, Height * Width);

    /// <summary>Reads a pair of IDX files, raw or gzip.</summary>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is malformed, or the two files don't belong together. The message names the file.
    /// </exception>
    public static ImageSet Load(string imagesPath, string labelsPath)
    {
        var (pixels, count, height, width) = Idx.ReadImages(imagesPath);
        byte[] labels = Idx.ReadLabels(labelsPath);
        if (labels.Length != count)
            throw new InvalidDataException($"{labelsPath}: expected {count} labels, one for each image of {imagesPath}, got {labels.Length}");
        if (WrongLabel(labels) is int at and >= 0)
            throw new InvalidDataException($"{labelsPath}: expected labels from 0 to {Classes - 1}, got {labels[at]} at {at}");
        return new ImageSet(pixels, labels, height, width);
    }

    /// <summary>The first images of the set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The set has fewer images.</exception>
    public ImageSet Take(int count)
    {
        if (count < 1 || count > Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"images: expected a number from 1 to {Count}, got {count}");
        return Range(0, count);
    }

    /// <summary>A contiguous range of images, at least one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not inside the set.</exception>
    public ImageSet Range(int start, int count)
    {
        if (start < 0 || count < 1 || start > Count - count)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"images: expected a range within {Count} images, got {count} from {start}");
        int size = Height * Width;
        return new ImageSet(_pixels[(start * size)..((start + count) * size)], _labels[start..(start + count)], Height, Width);
    }

    /// <summary>The same images with other labels.</summary>
    /// <param name="labels">One label per image; not copied.</param>
    /// <exception cref="ArgumentException">The number of labels is not the number of images, or a label is above 9.</exception>
    public ImageSet WithLabels(byte[] labels) => new(_pixels, labels, Height, Width);

    private static int WrongLabel(byte[] labels) => Array.FindIndex(labels, label => label >= Classes);
}
