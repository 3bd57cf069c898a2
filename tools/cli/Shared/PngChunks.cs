using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Conformance.Cli.Shared;

/// <summary>The parts of a PNG file, one after the other: length, type of four letters, data, CRC-32 of type and data.</summary>
internal static class PngChunks
{
    /// <summary>A limit on what a file may ask for, far above what a network here takes.</summary>
    private const int MostPixels = 1 << 24;

    /// <summary>Deflate's greatest ratio: a file that promises more is not believed, and nothing is allocated for it.</summary>
    private const int MostBytesFromOne = 1032;

    /// <summary>What every PNG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>
    /// Checks the sizes and the CRC of all chunks up to IEND. The decoder looks at no CRC and believes every size: without this a damaged file would
    /// be
    /// read as another picture.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no PNG file, or not a whole one; the message says what was expected.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string origin)
    {
        if (!bytes.StartsWith(Signature))
        {
            var begin = bytes.IsEmpty ? "an empty one" : $"one that begins with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}";
            throw Wrong(origin, $"expected a PNG file, got {begin}");
        }
        var rest = bytes[Signature.Length..];
        var data = Next(ref rest, out var type, origin);
        if (type != "IHDR")
            throw Wrong(origin, $"expected IHDR as the first chunk, got {type}");
        if (data.Length != 13)
            throw Wrong(origin, $"expected 13 bytes in IHDR, got {data.Length}");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || height == 0 || (ulong)width * height > MostPixels)
            throw Wrong(origin, $"expected from 1 to {MostPixels} pixels, got {width}×{height}");
        int channels = data[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }; // colour, grey and alpha, both; grey or a palette
        long unpacked = ((long)width * channels * data[8] + 7) / 8 * height, packed = 0;
        while (type != "IEND")
        {
            data = Next(ref rest, out type, origin);
            packed += type == "IDAT" ? data.Length : 0;
        }
        if (unpacked > MostBytesFromOne * packed)
            throw Wrong(origin, $"expected image data for {width}×{height} pixels, got {packed} compressed bytes, which can't hold so many");
    }

    /// <summary>A chunk as it stands in a file.</summary>
    public static byte[] Write(string type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    public static InvalidDataException Wrong(string origin, string message) => new($"{origin}: {message}");

    /// <summary>Takes the first chunk off the rest of the file.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest, out string type, string origin)
    {
        if (rest.Length < 12)
            throw Wrong(origin, $"expected another chunk, up to IEND, got {rest.Length} bytes: cut short");
        var name = rest.Slice(4, 4);
        foreach (byte letter in name)
            if (!char.IsAsciiLetter((char)letter))
                throw Wrong(origin, $"expected four letters as the type of a chunk, got {Convert.ToHexString(name)}");
        type = Encoding.ASCII.GetString(name);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - 12)
            throw Wrong(origin, $"expected {length} bytes in {type}, got {rest.Length - 12}: cut short");
        var data = rest.Slice(8, (int)length);
        uint told = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + data.Length)..]), crc = Crc32.HashToUInt32(rest.Slice(4, 4 + data.Length));
        if (told != crc)
            throw Wrong(origin, $"expected CRC {crc:X8} for {type}, got {told:X8}: damaged");
        rest = rest[(12 + data.Length)..];
        return data;
    }
}
