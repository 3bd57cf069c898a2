using System.Numerics;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>
/// A smooth random displacement field. Each pixel's displacement is uniform in ±1, then smoothed by a Gaussian that sums to 1 (cut off at three
/// standard deviations, with zeros outside the image), then multiplied by alpha.
/// </summary>
internal sealed class ElasticField
{
    private readonly float _alpha;
    private readonly float[] _gaussian;
    private readonly float[] _scratch;
    private readonly int _height;
    private readonly int _width;

    public ElasticField(double alpha, double sigma, int height, int width)
    {
        (_alpha, _height, _width) = ((float)alpha, height, width);
        int radius = Math.Max(1, Math.Min((int)Math.Ceiling(3 * sigma), Math.Max(height, width)));
        double[] weights = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))];
        _gaussian = [.. weights.Select(weight => (float)(weight / weights.Sum()))];
        (Y, X, _scratch) = (new float[height * width], new float[height * width], new float[height * width]);
    }

    /// <summary>The displacement of each pixel along y, in pixels.</summary>
    public float[] Y { get; }

    public float[] X { get; }

    public void Draw(ref SplitMix64 random)
    {
        Draw(Y, ref random);
        Draw(X, ref random);
    }

    private void Draw(float[] field, ref SplitMix64 random)
    {
        for (int i = 0; i < field.Length; i++)
            field[i] = (float)(_alpha * random.Symmetric());
        int radius = _gaussian.Length / 2;
        _scratch.AsSpan().Clear();
        for (int y = 0; y < _height; y++) // a whole row at a time, because the sum runs over a column's neighbours
            for (int k = Math.Max(-radius, -y); k <= Math.Min(radius, _height - 1 - y); k++)
                AddScaled(_scratch.AsSpan(y * _width, _width), field.AsSpan((y + k) * _width, _width), _gaussian[k + radius]);
        field.AsSpan().Clear();
        for (int y = 0; y < _height; y++)
            for (int k = -Math.Min(radius, _width - 1); k <= Math.Min(radius, _width - 1); k++)
            {
                int length = _width - Math.Abs(k), to = Math.Max(0, -k), from = Math.Max(0, k);
                AddScaled(field.AsSpan(y * _width + to, length), _scratch.AsSpan(y * _width + from, length), _gaussian[k + radius]);
            }
    }

    private static void AddScaled(Span<float> to, ReadOnlySpan<float> from, float factor)
    {
        int i = 0;
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(to[i..]) + factor * new Vector<float>(from[i..])).CopyTo(to[i..]);
        for (; i < to.Length; i++)
            to[i] += factor * from[i];
    }
}
