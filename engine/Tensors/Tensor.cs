using System.Runtime.CompilerServices;

namespace Conformance.Engine.Tensors;

/// <summary>The order of a tensor's elements in memory.</summary>
internal enum Layout
{
    /// <summary>Row-major, images outermost: <c>[N][C][H][W]</c>.</summary>
    Nchw,

    /// <summary>Images innermost, in blocks of sixteen: <c>[block][C][H][W][16]</c>.</summary>
    Blocked,
}

/// <summary>
/// A float32 array of any rank. Every public member is row-major (a rank-4 tensor is NCHW), whatever the internal layout.
/// </summary>
/// <remarks>
/// In both layouts the images of one block of sixteen are one contiguous slice, so that one worker can own a block. In a <see cref="Layout.Blocked"/>
/// tensor the lanes behind the last image are undefined, and no sum may include them. The memory is pinned and starts on a 64-byte boundary. Kernels
/// use raw pointers, which are valid as long as the tensor is reachable.
/// </remarks>
public sealed unsafe class Tensor
{
    /// <summary>The number of images in a block: the lanes of a 512-bit vector of float32.</summary>
    internal const int Lanes = 16;

    private readonly int[] _shape;
    private readonly float[] _memory;
    private readonly int _start;

    private Tensor(ReadOnlySpan<int> shape, Layout layout)
    {
        long size = 1, image = 1; // of one image, which has a size even if there are no images
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

    /// <summary>The number of elements of one image: the product of all extents but the first.</summary>
    internal int ImageSize => Shapes.Size(_shape.AsSpan(Math.Min(1, _shape.Length)));

    internal int Blocks => (Images + Lanes - 1) / Lanes;

    /// <summary>The number of images that fit without a new allocation.</summary>
    private int Capacity { get; }

    /// <summary>A pointer to the first element, 64-byte aligned.</summary>
    internal float* Data => (float*)Unsafe.AsPointer(ref _memory[0]) + _start;

    /// <summary>Creates a tensor of zeros.</summary>
    public static Tensor Zeros(params ReadOnlySpan<int> shape) => new(shape, Layout.Nchw);

    /// <summary>Creates a tensor from row-major values, which are copied.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        var tensor = Zeros(shape);
        tensor.CopyFrom(values);
        return tensor;
    }

    /// <summary>
    /// Gives <paramref name="tensor"/> this shape and layout. The tensor is reused, with its contents, if only the number of images differs and they
    /// fit. Otherwise it becomes a new tensor of zeros.
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
    /// The same memory with another shape that has as many elements per image. The view is reused if only the number of images differs.
    /// </summary>
    internal Tensor View(ref Tensor? view, params ReadOnlySpan<int> shape)
    {
        if (view is null || view._memory != _memory || view.Shape.Length != shape.Length || !view.Shape[1..].SequenceEqual(shape[1..]))
            return view = new Tensor(this, shape);
        view._shape[0] = shape[0];
        view.Length = Length;
        return view;
    }

    /// <summary>Copies the elements into a new array, row-major.</summary>
    public float[] ToArray()
    {
        var values = new float[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>Copies the elements to a span, row-major.</summary>
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

    /// <summary>Overwrites the elements from a span, row-major.</summary>
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

    /// <summary>The number of valid images in a block: sixteen, or the rest in the last block.</summary>
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

    /// <summary>The memory of the elements, row-major. Writing to it changes the tensor.</summary>
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
