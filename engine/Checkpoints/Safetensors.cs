using System.Buffers.Binary;
using System.Text.Json;
using Conformance.Engine.Files;

namespace Conformance.Engine.Checkpoints;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Dtype">The element type, as the format spells it: <c>F32</c>, <c>F64</c>, <c>I64</c> …</param>
/// <param name="Shape">The extents, outermost first. Empty for a scalar.</param>
/// <param name="Data">The elements, row-major, little-endian.</param>
public sealed record SafeTensor(string Dtype, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Data);

/// <summary>
/// A safetensors file in memory. The file is eight bytes with the length of the header, a JSON header with the place of each tensor, and the tensors.
/// A malformed file is refused. No more memory is allocated than the file has bytes. The README of huggingface/safetensors describes the format.
/// </summary>
/// <param name="Tensors">The tensors by name, in the file's order.</param>
/// <param name="Metadata">The strings in the header's <c>__metadata__</c>, by key.</param>
public sealed record Safetensors(IReadOnlyDictionary<string, SafeTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataField = "__metadata__";

    /// <summary>The largest header that the format allows, in bytes.</summary>
    private const long LongestHeader = 100_000_000;

    private static readonly Dictionary<string, int> _sizes = new()
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["I16"] = 2,
        ["U16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I32"] = 4,
        ["U32"] = 4,
        ["F32"] = 4,
        ["F64"] = 8,
        ["I64"] = 8,
        ["U64"] = 8,
    };

    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is malformed or cut off. The message names the file and the field.</exception>
    public static Safetensors Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path}: expected a safetensors file, got a directory");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: expected a safetensors file, but there is no such file", path);
        using var file = File.OpenRead(path);
        byte[] head = BoundedReader.ReadHead(file);
        HeaderLength(head, file.CanSeek && file.Length > 0 ? file.Length : BoundedReader.MostData, path);
        return Read(BoundedReader.ReadToEnd(file, BoundedReader.MostData, path, head), path);
    }

    /// <param name="origin">The name of the file, for messages.</param>
    /// <exception cref="InvalidDataException">The bytes are malformed or cut off.</exception>
    public static Safetensors Read(ReadOnlyMemory<byte> bytes, string origin)
    {
        int length = HeaderLength(bytes.Span, bytes.Length, origin);
        try
        {
            using var header = JsonDocument.Parse(bytes.Slice(8, length), new() { AllowDuplicateProperties = false });
            return Read(header.RootElement, bytes[(8 + length)..], origin);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter is thrown for half of a surrogate pair
        {
            // Its own message may quote all that follows. It has no place where a name comes twice.
            string wrong = error switch
            {
                JsonException { BytePositionInLine: { } at, LineNumber: { } line } => $"something else from byte {at} of line {line + 1} on",
                JsonException => "a name that comes twice",
                _ => "a text that is not Unicode",
            };
            throw new InvalidDataException($"{origin}: header: expected JSON, got {wrong}", error);
        }
    }

    /// <param name="head">The first bytes of the file, or all of it.</param>
    /// <param name="fileLength">In bytes, as far as it is known.</param>
    private static int HeaderLength(ReadOnlySpan<byte> head, long fileLength, string origin)
    {
        ulong length = head.Length >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(head) : 0;
        if (length is >= 2 and <= LongestHeader && (long)length <= fileLength - 8)
            return (int)length;
        head = head[..Math.Min(head.Length, FileKind.HeadLength)];
        throw new InvalidDataException(head.Length < 8 || FileKind.Find(head) is not null
            ? $"{origin}: expected a safetensors file, got {FileKind.Describe(head)}"
            : $"{origin}: expected a safetensors file, whose header has from 2 to {fileLength - 8} bytes, the rest of the file, got {length}");
    }

    /// <summary>
    /// Writes the file. Tensors keep their order. Spaces pad the header to a multiple of eight bytes.
    /// </summary>
    public byte[] ToBytes()
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataField);
                foreach (var (name, text) in Metadata)
                    json.WriteString(name, text);
                json.WriteEndObject();
            }
            long at = 0;
            foreach (var (name, tensor) in Tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Dtype);
                WriteNumbers(json, "shape", tensor.Shape.Select(extent => (long)extent));
                WriteNumbers(json, "data_offsets", [at, at += tensor.Data.Length]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');

        var bytes = new byte[8 + header.Length + Tensors.Values.Sum(tensor => (long)tensor.Data.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.ToArray().CopyTo(bytes, 8);
        int end = 8 + (int)header.Length;
        foreach (var tensor in Tensors.Values)
        {
            tensor.Data.Span.CopyTo(bytes.AsSpan(end));
            end += tensor.Data.Length;
        }
        return bytes;
    }

    private static Safetensors Read(JsonElement header, ReadOnlyMemory<byte> data, string origin)
    {
        if (header.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{origin}: header: expected an object, got {header.ValueKind}");
        var metadata = new Dictionary<string, string>();
        var tensors = new List<(string Name, SafeTensor Tensor, long Begin, long End)>();
        foreach (var field in header.EnumerateObject())
        {
            string place = $"{origin}: {field.Name}";
            if (field.Name != MetadataField)
                tensors.Add(ReadTensor(field, data, place));
            else if (field.Value.ValueKind == JsonValueKind.Object
                && field.Value.EnumerateObject().All(text => text.Value.ValueKind == JsonValueKind.String))
                metadata = field.Value.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString()!);
            else
                throw new InvalidDataException($"{place}: expected an object of texts");
        }

        tensors.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long end = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin != end)
                throw new InvalidDataException(
                    $"{origin}: {tensor.Name}: expected data that begins at byte {end}, where what is before ends, got {tensor.Begin}");
            end = tensor.End;
        }
        if (end != data.Length)
            throw new InvalidDataException($"{origin}: expected {end} bytes of data behind the header, got {data.Length}");
        return new(tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Tensor), metadata);
    }

    private static (string Name, SafeTensor Tensor, long Begin, long End) ReadTensor(JsonProperty field, ReadOnlyMemory<byte> data, string place)
    {
        var value = field.Value;
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(part => part.Name is not ("dtype" or "shape" or "data_offsets")))
            throw new InvalidDataException($"{place}: expected an object of dtype, shape and data_offsets");
        if (!value.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String
            || !_sizes.TryGetValue(type.GetString()!, out int size))
            throw new InvalidDataException($"{place}: dtype: expected one of {string.Join(", ", _sizes.Keys)}");
        long[] shape = Numbers(value, "shape", place), offsets = Numbers(value, "data_offsets", place);
        if (offsets is not [var begin, var end] || begin > end || end > data.Length)
            throw new InvalidDataException($"{place}: data_offsets: expected a begin and an end within the {data.Length} bytes of data");
        var bytes = (UInt128)size;
        foreach (long extent in shape)
            bytes = extent > int.MaxValue || (bytes > (UInt128)long.MaxValue && extent > 0) ? UInt128.MaxValue / 2 : bytes * (UInt128)extent;
        if (bytes != (UInt128)(end - begin))
            throw new InvalidDataException($"{place}: expected the bytes of {type.GetString()} [{string.Join(", ", shape)}], got {end - begin}");
        return (field.Name, new(type.GetString()!, [.. shape.Select(extent => (int)extent)], data[(int)begin..(int)end]), begin, end);
    }

    /// <summary>Reads a list of non-negative integers.</summary>
    private static long[] Numbers(JsonElement parent, string field, string place)
    {
        if (!parent.TryGetProperty(field, out var list) || list.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"{place}: {field}: expected a list of whole numbers");
        return [.. list.EnumerateArray().Select(number => number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out long whole) && whole >= 0
            ? whole
            : throw new InvalidDataException($"{place}: {field}: expected whole numbers of 0 or more, got {number.GetRawText()}"))];
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
