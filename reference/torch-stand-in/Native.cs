using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The C functions of <c>shim/shim.cpp</c>. Each returns null, or the text of an error for <see cref="Check"/>.</summary>
internal static unsafe partial class Native
{
    private const string Library = "conformance_torch";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint torch_call(string name, string overload, NativeArgument* arguments, long count, out nint result);

    [LibraryImport(Library)]
    public static partial nint torch_from_data(void* data, sbyte dtype, long* shape, long rank, out nint result);

    [LibraryImport(Library)]
    public static partial nint torch_free(nint tensor);

    [LibraryImport(Library)]
    public static partial nint torch_dtype(nint tensor, out sbyte dtype);

    [LibraryImport(Library)]
    public static partial nint torch_rank(nint tensor, out long rank);

    [LibraryImport(Library)]
    public static partial nint torch_shape(nint tensor, long* shape);

    [LibraryImport(Library)]
    public static partial nint torch_data(nint tensor, out void* data, out long bytes);

    [LibraryImport(Library)]
    public static partial nint torch_get_requires_grad(nint tensor, out sbyte required);

    [LibraryImport(Library)]
    public static partial nint torch_set_requires_grad(nint tensor, sbyte required);

    [LibraryImport(Library)]
    public static partial nint torch_retain_grad(nint tensor);

    [LibraryImport(Library)]
    public static partial nint torch_backward(nint root, nint gradient);

    [LibraryImport(Library)]
    public static partial nint torch_grad(nint tensor, out nint gradient);

    [LibraryImport(Library)]
    public static partial nint torch_clip_grad_norm_(nint* tensors, long count, double max_norm, double norm_type, out double norm);

    [LibraryImport(Library)]
    public static partial nint torch_clip_grad_value_(nint* tensors, long count, double clip_value);

    [LibraryImport(Library)]
    public static partial nint torch_get_grad_mode(out sbyte enabled);

    [LibraryImport(Library)]
    public static partial nint torch_set_grad_mode(sbyte enabled);

    [LibraryImport(Library)]
    public static partial nint torch_get_num_threads(out int count);

    [LibraryImport(Library)]
    public static partial nint torch_set_num_threads(int count);

    [LibraryImport(Library)]
    public static partial nint torch_version(out nint version);

    /// <exception cref="ExternalException">libtorch's message.</exception>
    public static void Check(nint message)
    {
        if (message != 0)
#pragma warning disable CA2201 // it is the type that TorchSharp throws
            throw new ExternalException(Marshal.PtrToStringUTF8(message));
#pragma warning restore CA2201
    }

    /// <summary>
    /// Calls a libtorch operation through its dispatcher. The arguments are all those of the operation's schema, in its order.
    /// </summary>
    /// <param name="name">Such as <c>conv2d</c>, or with an overload <c>add_.Tensor</c>.</param>
    public static torch.Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (stem, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);

        var native = stackalloc NativeArgument[arguments.Length];
        long numbers = 0;
        for (var i = 0; i < arguments.Length; i++)
        {
            native[i] = arguments[i].Value;
            numbers += native[i].Length;
        }

        var lists = stackalloc long[checked((int)numbers)];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Reference is not long[] list)
                continue;
            list.CopyTo(new Span<long>(lists, list.Length));
            native[i].Payload = (nint)lists;
            lists += list.Length;
        }

        Check(torch_call("aten::" + stem, overload, native, arguments.Length, out var result));
        foreach (var argument in arguments)
            GC.KeepAlive(argument.Reference); // no tensor is finalised while libtorch reads it
        return new(result);
    }

    /// <summary>The environment variable CONFORMANCE_TORCH_SHIM, else beside this assembly, else where the build of this tree puts it.</summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
            return 0;
        var built = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == "TorchShim").Value;
        string?[] places =
        [
            Environment.GetEnvironmentVariable("CONFORMANCE_TORCH_SHIM"),
            Path.Combine(AppContext.BaseDirectory, "libconformance_torch.so"),
            built,
        ];
        var found = places.FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"libconformance_torch.so was not found: looked at {string.Join(", ", places.Where(place => place is not null))}");
        return NativeLibrary.Load(found);
    }
}

/// <summary>The same layout as <c>Argument</c> in <c>shim.cpp</c>.</summary>
internal struct NativeArgument
{
    public long Kind;
    public long Length;
    public nint Payload;
}

/// <summary>An argument of <see cref="Native.Call"/>.</summary>
internal readonly struct Argument
{
    private enum Kind : long { None, Tensor, Int, Double, Bool, Ints }

    private Argument(Kind kind, nint payload, object? reference = null, long length = 0)
    {
        Value = new() { Kind = (long)kind, Payload = payload, Length = length };
        Reference = reference;
    }

    public NativeArgument Value { get; }

    /// <summary>The tensor or list that must outlive the call.</summary>
    public object? Reference { get; }

    public static implicit operator Argument(torch.Tensor? tensor) =>
        tensor is null ? default : new(Kind.Tensor, tensor.Handle, tensor);

    public static implicit operator Argument(long value) => new(Kind.Int, (nint)value);

    public static implicit operator Argument(long? value) => value is { } number ? number : default(Argument);

    public static implicit operator Argument(double value) => new(Kind.Double, (nint)BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(Kind.Bool, value ? 1 : 0);

    public static implicit operator Argument(long[] list) => new(Kind.Ints, 0, list, list.Length);
}
