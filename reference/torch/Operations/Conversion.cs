using System.Runtime.InteropServices;
using Conformance.Oracle;
using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>Copies values to and from torch.</summary>
internal static class Conversion
{
    public static Tensor ToTorch(this Tensor64 source, ScalarType type)
    {
        var shape = Array.ConvertAll(source.Shape.ToArray(), extent => (long)extent);
        return tensor(source.Data.ToArray(), shape, type);
    }

    public static Tensor64 ToTensor64(this Tensor source)
    {
        var shape = Array.ConvertAll(source.shape, extent => checked((int)extent));
        return new(shape, source.ToArray<double>(ScalarType.Float64));
    }

    /// <summary>The elements as <typeparamref name="T"/>, the .NET type of <paramref name="type"/>.</summary>
    public static T[] ToArray<T>(this Tensor source, ScalarType type)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        var dense = source.detach().to_type(type).contiguous();
        var elements = MemoryMarshal.Cast<byte, T>(dense.bytes).ToArray();
        GC.KeepAlive(dense);
        return elements;
    }

    /// <summary>An attribute's list in torch's type; a single value stands for all.</summary>
    public static long[] Longs(this Attributes attributes, string name, int count) =>
        Array.ConvertAll(attributes.Ints(name, count), value => (long)value);
}
