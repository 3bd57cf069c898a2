using System.Runtime.CompilerServices;

namespace Conformance.Engine.Tensors;

/// <summary>How the numbers of a tensor lie in memory.</summary>
internal enum Layout
{
    /// <summary>Row-major, images outermost: <c>[N][C][H][W]</c>.</summary>
    Nchw,

    /// <summary>Images innermost, in blocks of sixteen: <c>[block][C][H][W][16]</c>.</summary>
    Blocked,
}

/// <summary>
/// A float32 array of any rank. Every public member sees it row-major (a rank-4 tensor is NCHW), whatever its inner layout.
/// </summary>
/// <remarks>
/// In both layouts the images of one block of sixteen are one contiguous slice, so that a worker can own a block. The lanes behind the last image of
/// a <see cref="Layout.Blocked"/> tensor may hold anything: nothing may sum over them.
/// The memory is pinned and starts on a 64-byte boundary: kernels take plain pointers, valid as long as the tensor is reachable.
/// </remarks>
public sealed unsafe class Tensor
{
    /// <summary>Images in a block: the lanes of one 512-bit vector of float32.</summary>
    internal const int Lanes = 16;

    private readonly int[] _shape;
    private readonly float[] _memory;
    private readonly int _start;

    private Tensor(ReadOnlySpan<int> shape, Layout layout)
    {
        long size = 1, image = 1; // of one image, which has a size even where there are none
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int extent = shape[axis];
            if (extent < 0)
                throw new ArgumentException($"tensor: expected extents of 0 or more, got shape {Shapes.Text(shape)}", nameof(shape));
            size = Math.Min(size * extent, int.MaxValue);
            image = axis == 0 ? 1 : Math.Min(image * extent, int.MaxValue);
        }
        long images = shape.Length == 0 ? 1 : shape[0];
        long stored = layout == Layout.Blocked ? (images + Lanes - 1) / Lanes * Lanes * image : size;
        if (Math.Max(stored, image) >= int.MaxValue - 2 * Lanes)
            throw new ArgumentException($"tensor: shape {Shapes.Text(shape)} has more elements than one array can hold", nameof(shape));

        _shape = shape.ToArray();
        Layout = layout;
        Length = (int)size;
        _memory = GC.AllocateArray<float>((int)stored + Lanes, pinned: true);
        ulong address = (ulong)Unsafe.AsPointer(ref _memory[0]);
        _start = (int)((64 - address % 64) % 64 / sizeof(float));
        Capacity = Images;
    }

    private Tensor(Tensor origin, ReadOnlySpan<int> shape)
    {
        _shape = shape.ToArray();
        Layout = origin.Layout;
        Length = origin.Length;
        _memory = origin._memory;
        _start = origin._start;
        Capacity = origin.Capacity;
    }

    /// <summary>The extent of each axis; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The number of elements.</summary>
    public int Length { get; private set; }

    internal Layout Layout { get; }

    /// <summary>The extent of the first axis.</summary>
    internal int Images => _shape.Length == 0 ? 1 : _shape[0];

    /// <summary>Elements of one image: the product of all extents but the first.</summary>
    internal int ImageSize => Shapes.Size(_shape.AsSpan(Math.Min(1, _shape.Length)));

    internal int Blocks => (Images + Lanes - 1) / Lanes;

    /// <summary>Images that fit without a new allocation.</summary>
    private int Capacity { get; }

    /// <summary>The first element; 64-byte aligned.</summary>
    internal float* Data => (float*)Unsafe.AsPointer(ref _memory[0]) + _start;

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(params ReadOnlySpan<int> shape) => new(shape, Layout.Nchw);

    /// <summary>A copy of row-major values.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        var tensor = Zeros(shape);
        tensor.CopyFrom(values);
        return tensor;
    }

    /// <summary>
    /// Makes <paramref name="tensor"/> one of this shape and layout: the same one where only the number of images differs and they fit (its contents
    /// are then left as they are), else a new one of zeros.
    /// </summary>
    internal static Tensor Reuse(ref Tensor? tensor, Layout layout, params ReadOnlySpan<int> shape)
    {
        if (tensor is null || tensor.Layout != layout || shape.Length == 0 || tensor.Shape.Length != shape.Length
            || !tensor.Shape[1..].SequenceEqual(shape[1..]) || shape[0] > tensor.Capacity)
        {
            return tensor = new Tensor(shape, layout);
        }
        tensor._shape[0] = shape[0];
        tensor.Length = shape[0] * tensor.ImageSize;
        return tensor;
    }

    /// <summary>
    /// The same memory under another shape of as many elements per image; the same view again where only the number of images differs.
    /// </summary>
    internal Tensor View(ref Tensor? view, params ReadOnlySpan<int> shape)
    {
        if (view is null || view._memory != _memory || view.Shape.Length != shape.Length || !view.Shape[1..].SequenceEqual(shape[1..]))
            return view = new Tensor(this, shape);
        view._shape[0] = shape[0];
        view.Length = Length;
        return view;
    }

    /// <summary>The elements, row-major.</summary>
    public float[] ToArray()
    {
        var values = new float[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>Writes the elements, row-major.</summary>
    public void CopyTo(Span<float> values)
    {
        Shapes.CheckCount("Tensor.CopyTo", Length, values.Length, Shape);
        int size = ImageSize;
        for (int block = 0; block < Blocks; block++)
        {
            var target = values.Slice(block * Lanes * size, ImagesIn(block) * size);
            if (Layout == Layout.Nchw)
                Slice(block).CopyTo(target);
            else
                ImagesOutermost(Slice(block), target, size);
        }
    }

    /// <summary>Reads the elements, row-major.</summary>
    public void CopyFrom(ReadOnlySpan<float> values)
    {
        Shapes.CheckCount("Tensor.CopyFrom", Length, values.Length, Shape);
        int size = ImageSize;
        for (int block = 0; block < Blocks; block++)
        {
            var source = values.Slice(block * Lanes * size, ImagesIn(block) * size);
            if (Layout == Layout.Nchw)
                source.CopyTo(Slice(block));
            else
                ImagesInnermost(source, Slice(block), size);
        }
    }

    /// <summary>Copies all images from a tensor of the same shape in any layout.</summary>
    internal void CopyFrom(Tensor source)
    {
        for (int block = 0; block < Blocks; block++)
            CopyBlock(source, block);
    }

    /// <summary>Copies one block of images from a tensor of the same shape in any layout.</summary>
    internal void CopyBlock(Tensor source, int block)
    {
        if (source.Layout == Layout)
            source.Slice(block).CopyTo(Slice(block));
        else if (Layout == Layout.Blocked)
            ImagesInnermost(source.Slice(block), Slice(block), ImageSize);
        else
            ImagesOutermost(source.Slice(block), Slice(block), ImageSize);
    }

    /// <summary>A new row-major tensor with the same elements.</summary>
    internal Tensor Copy()
    {
        var copy = Zeros(_shape);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>The valid images of a block: sixteen, or what is left in the last one.</summary>
    internal int ImagesIn(int block) => Math.Min(Lanes, Images - block * Lanes);

    /// <summary>The memory of one block of images: <c>[images][…]</c> or <c>[…][16]</c>.</summary>
    internal Span<float> Slice(int block)
    {
        int stored = Layout == Layout.Blocked ? Lanes : ImagesIn(block);
        return _memory.AsSpan(_start + block * Lanes * ImageSize, stored * ImageSize);
    }

    /// <summary>One image of a row-major tensor.</summary>
    internal Span<float> Image(int block, int image) => Slice(block).Slice(image * ImageSize, ImageSize);

    /// <summary>The first element of <see cref="Slice"/>.</summary>
    internal float* Block(int block) => Data + (nint)block * Lanes * ImageSize;

    /// <summary>The elements themselves, row-major: what is written here is the tensor's new value.</summary>
    public Span<float> Span => _memory.AsSpan(_start, Length);

    /// <summary>One element of a tensor of rank 2.</summary>
    internal float At(int image, int feature)
    {
        var (block, lane) = Math.DivRem(image, Lanes);
        var slice = Slice(block);
        return Layout == Layout.Blocked ? slice[feature * Lanes + lane] : slice[lane * _shape[1] + feature];
    }

    private static void ImagesInnermost(ReadOnlySpan<float> source, Span<float> target, int size)
    {
        for (int lane = 0; lane * size < source.Length; lane++)
            for (int i = 0; i < size; i++)
                target[i * Lanes + lane] = source[lane * size + i];
    }

    private static void ImagesOutermost(ReadOnlySpan<float> source, Span<float> target, int size)
    {
        for (int lane = 0; lane * size < target.Length; lane++)
            for (int i = 0; i < size; i++)
                target[lane * size + i] = source[i * Lanes + lane];
    }
}
