namespace Conformance.Oracle;

/// <summary>A dense float64 tensor in row-major order. The suite computes, stores and compares with it. Scalars have shape <c>[]</c>.</summary>
public sealed class Tensor64
{
    /// <summary>The most elements of a tensor in a case; a larger one would take minutes to judge.</summary>
    private const int MostElements = 1 << 24;

    private readonly int[] _shape;
    private readonly double[] _data;

    /// <param name="shape">The extents, outermost first; empty for a scalar.</param>
    /// <param name="data">The elements in row-major order; not copied.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the extents.</exception>
    public Tensor64(ReadOnlySpan<int> shape, double[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var count = Count(shape);
        if (data.Length != count)
            throw new ArgumentException($"shape {Text(shape)} has {count} elements, the data has {data.Length}");
        _shape = shape.ToArray();
        _data = data;
    }

    /// <summary>The parameters by which the elements were drawn; null if they are not integers straight from their own stream.</summary>
    public IntegerFill? Recipe { get; init; }

    public ReadOnlySpan<int> Shape => _shape;

    public ReadOnlySpan<double> Data => _data;

    public int Rank => _shape.Length;

    public int Length => _data.Length;

    public double this[int flat] => _data[flat];

    /// <summary>Creates a tensor from an engine's float32 numbers. The conversion to float64 is exact.</summary>
    /// <param name="shape">The extents, outermost first; empty for a scalar.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the extents.</exception>
    public static Tensor64 From(ReadOnlySpan<int> shape, float[] data) => new(shape, Array.ConvertAll(data, value => (double)value));

    public static Tensor64 Scalar(double value) => new([], [value]);

    public static Tensor64 Zeros(params ReadOnlySpan<int> shape) => new(shape, new double[Count(shape)]);

    /// <summary>The same shape with <paramref name="map"/> applied to each element.</summary>
    public Tensor64 Select(Func<double, double> map) => new(_shape, Array.ConvertAll(_data, value => map(value)));

    /// <summary>The multi-index of a flat position, such as <c>[0,2,1,3]</c>.</summary>
    public int[] IndexOf(int flat)
    {
        var index = new int[_shape.Length];
        for (var axis = _shape.Length - 1; axis >= 0; axis--)
        {
            index[axis] = flat % _shape[axis];
            flat /= _shape[axis];
        }
        return index;
    }

    /// <summary>
    /// A new array with the elements as float32, row-major. A case's inputs are float32 values, so nothing is lost.
    /// </summary>
    public float[] ToFloats() => Array.ConvertAll(_data, value => (float)value);

    /// <summary>The flat position of a multi-index.</summary>
    public int FlatOf(IReadOnlyList<int> index)
    {
        var flat = 0;
        for (var axis = 0; axis < _shape.Length; axis++)
            flat = flat * _shape[axis] + index[axis];
        return flat;
    }

    public bool HasShape(ReadOnlySpan<int> shape) => shape.SequenceEqual(_shape);

    public override string ToString() => Text(_shape);

    /// <summary>A shape or an index as text: <c>[2,3,7,5]</c>.</summary>
    public static string Text(ReadOnlySpan<int> extents) => "[" + string.Join(",", extents.ToArray()) + "]";

    private static int Count(ReadOnlySpan<int> shape)
    {
        var count = 1L;
        foreach (var extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent);
            count *= extent;
            if (count > MostElements)
                throw new ArgumentException($"shape {Text(shape)} has more than {MostElements} elements");
        }
        return (int)count;
    }
}
