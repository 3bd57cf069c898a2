using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Conformance.Engine.Files;

namespace Conformance.Cli.Shared;

/// <summary>The parts of a PNG file, one after the other: length, type of four letters, data, CRC-32 of type and data.</summary>
internal static class PngChunks
{
    /// <summary>A limit on what a file may ask for, far above what a network here takes.</summary>
    private const int MostPixels = 1 << 24;

    /// <summary>The pixels of each pass of an interlaced picture: the first row and column, and the steps to the next ones.</summary>
    private static readonly (int Row, int Column, int RowStep, int ColumnStep)[] _adam7 =
        [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)];

    /// <summary>What every PNG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>
    /// Checks the sizes and checksums of all chunks up to IEND and of the image data. The decoder looks at no checksum and believes every size:
    /// without this a damaged file would be read as another picture.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no PNG file, or not a whole one; the message says what was expected.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string origin)
    {
        if (!bytes.StartsWith(Signature))
        {
            throw Wrong(origin, $"expected a PNG file, got {FileKind.Describe(bytes[..Math.Min(FileKind.HeadLength, bytes.Length)])}");
        }
        var rest = bytes[Signature.Length..];
        var data = Next(ref rest, out var type, origin);
        if (type == "CgBI")
            throw Wrong(origin, "expected a PNG file, got one that Apple's tools changed for iPhones (CgBI): save the picture again, as plain PNG");
        if (type != "IHDR")
            throw Wrong(origin, $"expected IHDR as the first chunk, got {type}");
        if (data.Length != 13)
            throw Wrong(origin, $"expected 13 bytes in IHDR, got {data.Length}");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || height == 0 || (ulong)width * height > MostPixels)
            throw Wrong(origin, $"expected from 1 to {MostPixels} pixels, got {width}×{height}");
        var (depth, colour, interlaced) = (data[8], data[9], data[12] != 0);
        bool isKnown = (colour, depth) is (0 or 3, 1 or 2 or 4 or 8) or (0 or 2 or 4 or 6, 16) or (2 or 4 or 6, 8);
        if (!isKnown)
            throw Wrong(origin, $"expected a colour type and depth of PNG, got type {colour} with {depth} bits");
        using var packed = new MemoryStream();
        while (type != "IEND")
        {
            var before = type;
            data = Next(ref rest, out type, origin);
            if (type != "IDAT")
                continue;
            if (packed.Length > 0 && before != "IDAT")
                throw Wrong(origin, $"expected all IDAT chunks in a row, got {before}");
            packed.Write(data);
        }
        int channels = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }; // colour, grey and alpha, both; grey or a palette
        CheckImageData(packed.ToArray(), UnpackedBytes((int)width, (int)height, channels * depth, interlaced), origin);
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

    /// <summary>The bytes of all rows, each with the number of its filter before it; of each pass where the picture is interlaced.</summary>
    private static long UnpackedBytes(int width, int height, int bitsOfPixel, bool interlaced)
    {
        return interlaced
            ? _adam7.Sum(pass => Rows(Count(width, pass.Column, pass.ColumnStep), Count(height, pass.Row, pass.RowStep)))
            : Rows(width, height);

        static int Count(int size, int first, int step) => (size - first + step - 1) / step;

        long Rows(int columns, int rows) => columns > 0 ? rows * (1 + ((long)columns * bitsOfPixel + 7) / 8) : 0;
    }

    /// <summary>
    /// Unpacks the image data and keeps nothing of it, to count the bytes and to hold them against the Adler-32 at the end (RFC 1950), which must be
    /// the last four bytes.
    /// </summary>
    private static void CheckImageData(byte[] packed, long expected, string origin)
    {
        long got = 0;
        var checksum = new Adler32();
        try
        {
            using var unpacked = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            Span<byte> buffer = stackalloc byte[4096];
            for (int read; got <= expected && (read = unpacked.Read(buffer)) > 0; got += read)
                checksum.Append(buffer[..read]);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw Damaged();
        }
        if (got != expected)
            throw Wrong(origin, $"expected {expected} bytes of image data, got {(got > expected ? "more" : got)}");
        if (BinaryPrimitives.ReadUInt32BigEndian(packed.AsSpan(^4..)) != checksum.GetCurrentHashAsUInt32())
            throw Damaged();

        InvalidDataException Damaged() => Wrong(origin, "expected image data as a whole zlib stream with its checksum, got a damaged one");
    }

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
