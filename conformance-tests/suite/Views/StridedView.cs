using Conformance.Oracle;

namespace Conformance.Suite.Views;

/// <summary>The layout of a tensor in its buffer.</summary>
public enum ViewLayout
{
    /// <summary>Row-major, from the buffer's first element to its last.</summary>
    Contiguous,

    /// <summary>
    /// Row-major, like a slice of a larger tensor: after an offset, every second element, and with gaps between rows.
    /// </summary>
    Sliced,

    /// <summary>The first axis is innermost, as in a transposed tensor, and the view is sliced too.</summary>
    Transposed,
}

/// <summary>
/// A float32 tensor as a view of a buffer: element [i, j, …] is <c>Buffer[Offset + i·Strides[0] + j·Strides[1] + …]</c>. The buffer's other
/// elements are NaN, so an engine that ignores a stride or the offset can't be right by accident.
/// </summary>
public sealed class StridedView
{
    private const int Lead = 3;

    private readonly int[] _shape;
    private readonly int[] _strides;

    private StridedView(int[] shape, int[] strides, int offset, float[] buffer) =>
        (_shape, _strides, Offset, Buffer) = (shape, strides, offset, buffer);

    public float[] Buffer { get; }

    public int Offset { get; }

    /// <summary>The extents, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>For each axis, the distance in the buffer between two elements; each is at least 1.</summary>
    public ReadOnlySpan<int> Strides => _strides;

    /// <summary>Copies a tensor's elements into a new buffer.</summary>
    public static StridedView FromTensor(Tensor64 tensor, ViewLayout layout)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var (shape, sliced) = (tensor.Shape.ToArray(), layout != ViewLayout.Contiguous);
        var (strides, next) = (new int[shape.Length], sliced ? 2 : 1);
        var inwards = layout == ViewLayout.Transposed ? Enumerable.Range(0, shape.Length) : Enumerable.Range(0, shape.Length).Reverse();
        foreach (var axis in inwards)
        {
            strides[axis] = next;
            next = next * shape[axis] + (sliced ? 1 : 0); // a slice is narrower than its tensor
        }
        var offset = sliced ? Lead : 0;
        var buffer = new float[sliced ? offset + next + Lead : tensor.Length];
        Array.Fill(buffer, float.NaN);
        var view = new StridedView(shape, strides, offset, buffer);
        for (var i = 0; i < tensor.Length; i++)
            buffer[view.PlaceOf(tensor.IndexOf(i))] = (float)tensor[i];
        return view;
    }

    /// <summary>The position of an element in the buffer.</summary>
    public int PlaceOf(params ReadOnlySpan<int> index)
    {
        var place = Offset;
        for (var axis = 0; axis < _strides.Length; axis++)
            place += index[axis] * _strides[axis];
        return place;
    }
}
