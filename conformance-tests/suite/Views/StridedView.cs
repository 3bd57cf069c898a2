using Conformance.Oracle;

namespace Conformance.Suite.Views;

/// <summary>How a tensor lies in its buffer.</summary>
public enum ViewLayout
{
    /// <summary>Row-major, from the buffer's first element to its last.</summary>
    Contiguous,

    /// <summary>
    /// Row-major, as a slice of a larger tensor lies: behind an offset, every other element, rows further apart than they are long.
    /// </summary>
    Sliced,

    /// <summary>The first axis innermost, as a transposed tensor lies, and sliced besides.</summary>
    Transposed,
}

/// <summary>
/// A float32 tensor as an engine with views takes it: element [i, j, …] is <c>Buffer[Offset + i·Strides[0] + j·Strides[1] + …]</c>. The buffer's
/// other elements are NaN, so an engine that ignores a stride or the offset can't be right by accident.
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

    /// <summary>Extents, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>For each axis how many elements of the buffer a step along it goes; all at least 1.</summary>
    public ReadOnlySpan<int> Strides => _strides;

    /// <summary>A tensor's elements in a buffer of their own.</summary>
    public static StridedView FromTensor(Tensor64 tensor, ViewLayout layout)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var (shape, sliced) = (tensor.Shape.ToArray(), layout != ViewLayout.Contiguous);
        var (strides, next) = (new int[shape.Length], sliced ? 2 : 1);
        var inwards = layout == ViewLayout.Transposed ? Enumerable.Range(0, shape.Length) : Enumerable.Range(0, shape.Length).Reverse();
        foreach (var axis in inwards)
        {
            strides[axis] = next;
            next = next * shape[axis] + (sliced ? 1 : 0); // a slice is narrower than the tensor that it is of
        }
        var offset = sliced ? Lead : 0;
        var buffer = new float[sliced ? offset + next + Lead : tensor.Length];
        Array.Fill(buffer, float.NaN);
        var view = new StridedView(shape, strides, offset, buffer);
        for (var i = 0; i < tensor.Length; i++)
            buffer[view.PlaceOf(tensor.IndexOf(i))] = (float)tensor[i];
        return view;
    }

    /// <summary>Where an element is in the buffer.</summary>
    public int PlaceOf(params ReadOnlySpan<int> index)
    {
        var place = Offset;
        for (var axis = 0; axis < _strides.Length; axis++)
            place += index[axis] * _strides[axis];
        return place;
    }
}
