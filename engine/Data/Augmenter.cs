using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>
/// Changes images as an <see cref="Augmentation"/> describes. The result depends only on the seed, the epoch and the image's index, not on the batch,
/// the order or the thread. (The last bit of sine and cosine may differ between platforms, and so may that of a pixel.)
/// </summary>
/// <remarks>
/// The overload of <c>Apply</c> with spans allocates nothing. An instance is not thread-safe. Each thread has its own, and all give equal results.
/// </remarks>
public sealed class Augmenter
{
    private readonly Augmentation _options;
    private readonly ulong _seed;
    private readonly int _height;
    private readonly int _width;
    private readonly float[] _plain; // the image, with a border of zeros so that sampling needs no test
    private readonly ElasticField? _elastic;

    /// <exception cref="ArgumentException">An option is out of range, or the size is below 1.</exception>
    public Augmenter(Augmentation options, ulong seed, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Shapes.AtLeast(1, height, "augmentation", nameof(height));
        Shapes.AtLeast(1, width, "augmentation", nameof(width));
        (_options, _seed, _height, _width) = (options, seed, height, width);
        _plain = new float[(height + 2) * (width + 2)];
        _elastic = options.ElasticAlpha > 0 ? new ElasticField(options.ElasticAlpha, options.ElasticSigma, height, width) : null;
    }

    /// <param name="image">The image, one byte per pixel, row by row.</param>
    /// <param name="sample">The image's index in its set.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="pixels">Receives the changed image, in [0, 1], not normalised.</param>
    public void Apply(ReadOnlySpan<byte> image, int sample, int epoch, Span<float> pixels)
    {
        Shapes.CheckCount("augmentation", _height * _width, image.Length, [_height, _width]);
        Shapes.CheckCount("augmentation", _height * _width, pixels.Length, [_height, _width]);
        var epochs = new SplitMix64(new SplitMix64(_seed).Next() + (ulong)epoch);
        var random = new SplitMix64(epochs.Next() + (ulong)sample);
        if (_options.IsGeometric)
            Resample(image, AffineMap.Draw(_options, ref random), ref random, pixels);
        else
            for (int i = 0; i < image.Length; i++)
                pixels[i] = image[i] / 255f;
        Jitter(pixels, ref random);
    }

    /// <summary>Changes every image of a set for the given epoch. Pixels are rounded to bytes.</summary>
    public ImageSet Apply(ImageSet data, int epoch)
    {
        ArgumentNullException.ThrowIfNull(data);
        int size = data.Height * data.Width;
        var bytes = new byte[data.Count * size];
        var pixels = new float[size];
        for (int image = 0; image < data.Count; image++)
        {
            Apply(data.Image(image), image, epoch, pixels);
            for (int i = 0; i < size; i++)
                bytes[image * size + i] = (byte)MathF.Round(255 * Math.Clamp(pixels[i], 0f, 1f));
        }
        return new(bytes, data.Labels.ToArray(), data.Height, data.Width);
    }

    /// <summary>Samples each pixel bilinearly at the place that the map gives. Outside the image everything is 0.</summary>
    private void Resample(ReadOnlySpan<byte> image, AffineMap map, ref SplitMix64 random, Span<float> pixels)
    {
        int stride = _width + 2;
        for (int y = 0; y < _height; y++)
            for (int x = 0; x < _width; x++)
                _plain[(y + 1) * stride + x + 1] = image[y * _width + x] / 255f;
        _elastic?.Draw(ref random);
        float centreY = (_height - 1) / 2f, centreX = (_width - 1) / 2f;
        for (int y = 0; y < _height; y++)
            for (int x = 0; x < _width; x++)
            {
                float outY = y - centreY - map.ShiftY, outX = x - centreX - map.ShiftX;
                float fromY = map.Yy * outY + map.Yx * outX + centreY, fromX = map.Xy * outY + map.Xx * outX + centreX;
                if (_elastic is not null)
                    (fromY, fromX) = (fromY + _elastic.Y[y * _width + x], fromX + _elastic.X[y * _width + x]);
                pixels[y * _width + x] = fromY > -1 && fromY < _height && fromX > -1 && fromX < _width ? Between(fromY + 1, fromX + 1) : 0;
            }
    }

    /// <summary>Interpolates bilinearly in the bordered image; y is in 0 … height + 1, x in 0 … width + 1.</summary>
    internal float Between(float y, float x)
    {
        // Just below the upper edge, y + 1 may round up to the edge. The cell is then the last pixel's, and the fraction is 1.
        int top = Math.Min((int)y, _height), left = Math.Min((int)x, _width), stride = _width + 2, at = top * stride + left;
        float down = y - top, right = x - left;
        float upper = _plain[at] + right * (_plain[at + 1] - _plain[at]);
        float lower = _plain[at + stride] + right * (_plain[at + stride + 1] - _plain[at + stride]);
        return upper + down * (lower - upper);
    }

    private void Jitter(Span<float> pixels, ref SplitMix64 random)
    {
        if (_options.PixelJitter > 0)
            foreach (ref float pixel in pixels)
                if (random.Uniform() <= _options.PixelJitter)
                    pixel = (float)random.Uniform();
        if (_options.AdditiveJitter > 0)
            foreach (ref float pixel in pixels)
                pixel = (float)Math.Clamp(pixel + _options.AdditiveJitter * random.Normal(), 0, 1);
    }
}
