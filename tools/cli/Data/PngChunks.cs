using System.Buffers.Binary;
using System.Text;

namespace Conformance.Cli.Data;

/// <summary>The parts of a PNG file, one after the other: length, type of four letters, data, CRC-32 of type and data.</summary>
internal ref struct PngChunks
{
    private readonly string _origin;
    private ReadOnlySpan<byte> _rest;

    /// <exception cref="InvalidDataException">The file does not begin as one.</exception>
    public PngChunks(ReadOnlySpan<byte> bytes, string origin)
    {
        if (!bytes.StartsWith(Signature))
            throw Png.Wrong(origin, $"expected a PNG file, got {(bytes.IsEmpty ? "an empty one" : $"one that begins with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}")}");
        _origin = origin;
        _rest = bytes[Signature.Length..];
    }

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>That of the chunk that <see cref="Next"/> went to.</summary>
    public string Type { get; private set; } = "";

    public ReadOnlySpan<byte> Data { get; private set; }

    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    public void Next()
    {
        if (_rest.Length < 12)
            throw Png.Wrong(_origin, $"expected another chunk, up to IEND, got {_rest.Length} bytes: cut short");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        var type = _rest.Slice(4, 4);
        foreach (byte letter in type)
            if (!char.IsAsciiLetter((char)letter))
                throw Png.Wrong(_origin, $"expected four letters as the type of a chunk, got {Convert.ToHexString(type)}");
        Type = Encoding.ASCII.GetString(type);
        if (length > _rest.Length - 12)
            throw Png.Wrong(_origin, $"expected {length} bytes in {Type}, got {_rest.Length - 12}: cut short");
        var checkedBytes = _rest.Slice(4, 4 + (int)length);
        uint told = BinaryPrimitives.ReadUInt32BigEndian(_rest[(8 + (int)length)..]), crc = Crc32.Of(checkedBytes);
        if (told != crc)
            throw Png.Wrong(_origin, $"expected CRC {crc:X8} for {Type}, got {told:X8}: damaged");
        Data = checkedBytes[4..];
        _rest = _rest[(12 + (int)length)..];
    }

    /// <summary>A chunk as it stands in a file.</summary>
    public static byte[] Of(string type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Of(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
