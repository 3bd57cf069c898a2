using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// The members of TorchSharp that <c>reference/torch</c> uses, and no others, over the system's libtorch. Names, parameters and results are
/// TorchSharp's (<c>torchsharp-signatures.txt</c>); what they mean is in TorchSharp's own documentation.
/// </summary>
public static partial class torch
{
    /// <summary>libtorch's version.</summary>
    public static string __version__
    {
        get
        {
            Native.Check(Native.torch_version(out var version));
            return Marshal.PtrToStringUTF8(version)!;
        }
    }

    public static int get_num_threads()
    {
        Native.Check(Native.torch_get_num_threads(out var count));
        return count;
    }

    public static void set_num_threads(int num) => Native.Check(Native.torch_set_num_threads(num));

    /// <summary>No autograd on this thread until disposed.</summary>
    public static IDisposable no_grad() => new GradMode(enabled: false);

    public static DisposeScope NewDisposeScope() => new();

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray<float>(rawArray, dimensions, ScalarType.Float32, dtype, requires_grad);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray<double>(rawArray, dimensions, ScalarType.Float64, dtype, requires_grad);

    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray<int>(rawArray, dimensions, ScalarType.Int32, dtype, requires_grad);

    private static unsafe Tensor FromArray<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> shape, ScalarType stored, ScalarType? wanted, bool requiresGrad)
        where T : unmanaged
    {
        long count = 1;
        foreach (var extent in shape)
            count = checked(count * (extent >= 0 ? extent : throw new ArgumentException($"negative extent {extent} creating a tensor from an array")));
        if (count != elements.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {elements.Length}");

        nint handle;
        fixed (T* data = elements)
        fixed (long* extents = shape)
            Native.Check(Native.torch_from_data(data, (sbyte)stored, extents, shape.Length, out handle));
        var tensor = new Tensor(handle);
        if (wanted is { } type && type != stored)
        {
            using var original = tensor;
            tensor = original.to_type(type);
        }
        return requiresGrad ? tensor.requires_grad_() : tensor;
    }

    /// <summary>Where a tensor lives. Here always the CPU: the type is in TorchSharp's signatures.</summary>
    public class Device
    {
        internal Device()
        {
        }
    }

    public enum ScalarType : sbyte
    {
        Int32 = 3,
        Int64 = 4,
        Float32 = 6,
        Float64 = 7,
        Bool = 11,
    }

    private sealed class GradMode : IDisposable
    {
        private readonly sbyte _previous;

        public GradMode(bool enabled)
        {
            Native.Check(Native.torch_get_grad_mode(out _previous));
            Native.Check(Native.torch_set_grad_mode((sbyte)(enabled ? 1 : 0)));
        }

        public void Dispose() => Native.Check(Native.torch_set_grad_mode(_previous));
    }
}
