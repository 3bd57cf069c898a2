using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Checkpoints;

/// <summary>
/// Converts a network's weights and running statistics from and to PyTorch's <c>state_dict</c>: <c>conv1.weight</c>, <c>bn1.running_mean</c>,
/// <c>bn1.num_batches_tracked</c> (I64, a scalar). PyTorch's <c>load_state_dict</c> loads the tensors that this class writes, and this class loads
/// those that PyTorch writes.
/// </summary>
public static class StateDict
{
    private const string Counter = "num_batches_tracked"; // PyTorch keeps it as an integer; here it is a tensor with one float

    /// <summary>Copies of all parameters and buffers, by name.</summary>
    public static IReadOnlyDictionary<string, SafeTensor> FromModule(Module net)
    {
        ArgumentNullException.ThrowIfNull(net);
        return Values(net).ToDictionary(state => state.Name, state => IsCounter(state.Name) ? Whole((long)state.Value.Span[0]) : Floats(state.Value));
    }

    /// <summary>Overwrites all parameters and buffers. If one tensor does not fit, nothing is changed.</summary>
    /// <param name="state">Tensors by name: F32, F64, F16 or BF16, rounded or widened to float32, and I64 for counters.</param>
    /// <param name="origin">The name of the file, for messages.</param>
    /// <exception cref="InvalidDataException">
    /// A tensor is missing, unknown, or of another type or shape. The state belongs to another network.
    /// </exception>
    public static void Load(Module net, IReadOnlyDictionary<string, SafeTensor> state, string origin)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(state);
        var values = Values(net).ToList();
        if (state.Keys.Except(values.Select(value => value.Name)).FirstOrDefault() is { } unknown)
            throw new InvalidDataException($"{origin}: {unknown}: the network has no such tensor. Is it the state of another network?");
        var read = values.ConvertAll(value => state.TryGetValue(value.Name, out var tensor)
            ? (value.Value, Numbers: Read(value.Name, value.Value, tensor, origin))
            : throw new InvalidDataException(
                $"{origin}: expected a tensor {value.Name} {Shapes.Text(value.Value.Shape)}, got none. Is it the state of another network?"));
        foreach (var (value, numbers) in read)
            value.CopyFrom(numbers);
    }

    /// <summary>Copies a tensor's elements as F32.</summary>
    internal static SafeTensor Floats(Tensor tensor)
    {
        var data = new byte[tensor.Length * sizeof(float)];
        for (int i = 0; i < tensor.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * sizeof(float)), tensor.Span[i]);
        return new("F32", tensor.Shape.ToArray(), data);
    }

    /// <exception cref="InvalidDataException">The shape differs, or the element type does not fit.</exception>
    internal static float[] Read(string name, Tensor expected, SafeTensor given, string origin)
    {
        bool counter = IsCounter(name);
        if (given.Dtype is not ("F32" or "F64" or "F16" or "BF16" or "I64") || (given.Dtype == "I64") != counter)
            throw new InvalidDataException(
                $"{origin}: {name}: expected numbers of type {(counter ? "I64" : "F32, F64, F16 or BF16")}, got {given.Dtype}");
        if (counter ? given.Data.Length != sizeof(long) : !given.Shape.SequenceEqual(expected.Shape.ToArray()))
            throw new InvalidDataException(
                $"{origin}: {name}: expected the shape {(counter ? "[]" : Shapes.Text(expected.Shape))}, "
                + $"got {Shapes.Text([.. given.Shape])}. Is it the state of another network?");
        var data = given.Data.Span;
        return given.Dtype switch
        {
            "I64" => [MemoryMarshal.Read<long>(data)],
            "F64" => [.. MemoryMarshal.Cast<byte, double>(data).ToArray().Select(value => (float)value)],
            "F16" => [.. MemoryMarshal.Cast<byte, Half>(data).ToArray().Select(value => (float)value)],
            "BF16" => [.. MemoryMarshal.Cast<byte, ushort>(data).ToArray().Select(FromUpperHalf)],
            _ => MemoryMarshal.Cast<byte, float>(data).ToArray(),
        };
    }

    /// <summary>A bfloat16 is the upper half of a float32.</summary>
    private static float FromUpperHalf(ushort half) => BitConverter.Int32BitsToSingle(half << 16);

    private static IEnumerable<(string Name, Tensor Value)> Values(Module net) =>
        net.Parameters.Select(parameter => (parameter.Name, parameter.Value)).Concat(net.Buffers.Select(buffer => (buffer.Name, buffer.Value)));

    private static bool IsCounter(string name) => name == Counter || name.EndsWith("." + Counter, StringComparison.Ordinal);

    private static SafeTensor Whole(long value)
    {
        var data = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(data, value);
        return new("I64", [], data);
    }
}
