using System.Runtime.CompilerServices;
using Conformance.Engine.Data;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Training;

/// <summary>Converts the bytes of a batch to the network's normalised input.</summary>
internal sealed class PixelBatch
{
    private ImageSet? _data;
    private int[] _indices = [];

    /// <exception cref="ArgumentOutOfRangeException">An index is not in the data.</exception>
    public void Use(ImageSet data, ReadOnlySpan<int> batch)
    {
        foreach (int index in batch)
            if ((uint)index >= (uint)data.Count)
                throw new ArgumentOutOfRangeException(
                    nameof(batch), index, $"trainer: expected image numbers from 0 to {data.Count - 1}, got {index}");
        if (_indices.Length < batch.Length)
            _indices = new int[batch.Length];
        batch.CopyTo(_indices);
        _data = data;
    }

    /// <summary>Fills one block of <c>[N, 1, H, W]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(Tensor target, int block)
    {
        var slice = target.Slice(block);
        int size = target.ImageSize;
        var (imageStep, pixelStep) = target.Layout == Layout.Blocked ? (1, Tensor.Lanes) : (size, 1);
        var values = Normalization.ByteValues;
        for (int i = 0; i < target.ImagesIn(block); i++)
        {
            var pixels = _data!.Image(_indices[block * Tensor.Lanes + i]);
            int at = i * imageStep;
            for (int p = 0; p < pixels.Length; p++, at += pixelStep)
                slice[at] = values[pixels[p]];
        }
    }
}
