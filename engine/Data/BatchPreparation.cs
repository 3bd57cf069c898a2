using System.Collections.Concurrent;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>
/// Augments and normalises the batches of an epoch on other threads, a few steps ahead of the training.
/// </summary>
internal sealed class BatchPreparation(ImageSet data, Augmentation options, ulong seed, int ahead)
{
    private readonly ConcurrentBag<Augmenter> _augmenters = [new(options, seed, data.Height, data.Width)];
    private readonly Queue<Task<Prepared>> _queue = new();
    private readonly Stack<Prepared> _free = new();
    private int[] _order = [];
    private int _epoch;
    private int _next; // the first image of the next batch to prepare, as an index into the epoch's order
    private int _end;
    private int _size;

    /// <summary>A batch and its labels. It is valid until <see cref="Release"/>.</summary>
    public sealed class Prepared
    {
        public Tensor? Images;
        public int[] Labels = [];
    }

    /// <summary>Starts at an image of an epoch. Batches that were prepared before are dropped.</summary>
    /// <param name="end">The number of images of the order that the epoch uses.</param>
    public void Begin(int[] order, int epoch, int from, int end, int batchSize)
    {
        Drain();
        (_order, _epoch, _next, _end, _size) = (order, epoch, from, end, batchSize);
        while (_queue.Count <= ahead && _next < _end)
            Enqueue();
    }

    /// <summary>Returns the next batch of the epoch, and waits for it if necessary.</summary>
    public Prepared Take() => _queue.Dequeue().GetAwaiter().GetResult();

    /// <summary>Gives back a batch after its step. Its memory is used for a later batch.</summary>
    public void Release(Prepared batch)
    {
        _free.Push(batch);
        if (_next < _end)
            Enqueue();
    }

    private void Drain()
    {
        while (_queue.TryDequeue(out var task))
            _free.Push(task.GetAwaiter().GetResult());
    }

    private void Enqueue()
    {
        var batch = _free.TryPop(out var used) ? used : new Prepared();
        int start = _next, length = Math.Min(_size, _end - _next);
        var (order, epoch) = (_order, _epoch);
        _next += length;
        _queue.Enqueue(Task.Run(() => Prepare(batch, order.AsSpan(start, length), epoch)));
    }

    private Prepared Prepare(Prepared batch, ReadOnlySpan<int> indices, int epoch)
    {
        if (!_augmenters.TryTake(out var augmenter))
            augmenter = new(options, seed, data.Height, data.Width);
        var images = Tensor.Reuse(ref batch.Images, Layout.Nchw, indices.Length, 1, data.Height, data.Width);
        if (batch.Labels.Length != indices.Length)
            batch.Labels = new int[indices.Length];
        int size = data.Height * data.Width;
        for (int i = 0; i < indices.Length; i++)
        {
            var pixels = images.Span.Slice(i * size, size);
            augmenter.Apply(data.Image(indices[i]), indices[i], epoch, pixels);
            foreach (ref float pixel in pixels)
                pixel = Normalization.FromUnit(pixel);
            batch.Labels[i] = data.Labels[indices[i]];
        }
        _augmenters.Add(augmenter);
        return batch;
    }
}
