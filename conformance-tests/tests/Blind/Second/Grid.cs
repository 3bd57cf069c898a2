using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

/// <summary>A float32 tensor, row-major.</summary>
internal sealed class Grid(int[] shape, float[] data)
{
    public int[] Shape { get; } = shape;

    public float[] Data { get; } = data;

    public int Rank => Shape.Length;

    public int Length => Data.Length;

    public static Grid FromTensor(Tensor64 tensor) => new(tensor.Shape.ToArray(), Array.ConvertAll(tensor.Data.ToArray(), value => (float)value));

    public static int Count(ReadOnlySpan<int> shape)
    {
        var count = 1;
        foreach (var extent in shape)
            count *= extent;
        return count;
    }

    public Tensor64 Wide() => Wide(Shape, Data);

    public static Tensor64 Wide(int[] shape, float[] data) => new(shape, Array.ConvertAll(data, value => (double)value));
}
