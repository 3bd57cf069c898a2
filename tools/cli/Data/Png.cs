using System.Buffers.Binary;
using System.IO.Compression;

namespace Conformance.Cli.Data;

/// <summary>
/// PNG files as grey images of one byte a pixel, and back. Every colour type and depth is read, not interlaced. A pixel is its luma by ITU-R BT.601, 0.299·R + 0.587·G + 0.114·B, over black where
/// it is not opaque; computed in whole numbers and rounded once. Gamma and colour profiles are not applied, and what stands behind IEND is not looked at.
/// </summary>
internal static class Png
{
    /// <summary>A limit on what a file may ask for, far above what a network here takes.</summary>
    public const int MostPixels = 1 << 24;

    /// <summary>Deflate's greatest ratio: a file that promises more is not believed, and nothing is allocated for it.</summary>
    private const int MostBytesFromOne = 1032;

    /// <param name="origin">Named in messages: the file.</param>
    /// <returns>The pixels row by row, 0 for black.</returns>
    /// <exception cref="InvalidDataException">It is no PNG file, not a whole one, or one of a kind that is not read; the message says what was expected.</exception>
    public static (int Height, int Width, byte[] Grey) Read(ReadOnlySpan<byte> bytes, string origin)
    {
        var chunks = new PngChunks(bytes, origin);
        chunks.Next();
        if (chunks.Type != "IHDR")
            throw Wrong(origin, $"expected IHDR as the first chunk, got {chunks.Type}");
        var header = PngHeader.Of(chunks.Data, origin);
        ReadOnlySpan<byte> palette = [], transparency = [];
        using var packed = new MemoryStream();
        while (true)
        {
            var before = chunks.Type;
            chunks.Next();
            switch (chunks.Type)
            {
                case "IEND":
                    return (header.Height, header.Width, Unpack(packed, header, new(header, palette, transparency, origin), origin));
                case "IDAT" when packed.Length > 0 && before != "IDAT":
                    throw Wrong(origin, $"expected all IDAT chunks in a row, got {before} between them");
                case "IDAT":
                    packed.Write(chunks.Data);
                    break;
                case "PLTE" or "tRNS" when packed.Length > 0:
                    throw Wrong(origin, $"expected {chunks.Type} before IDAT");
                case "PLTE" when palette.IsEmpty:
                    palette = chunks.Data;
                    break;
                case "tRNS" when transparency.IsEmpty:
                    transparency = chunks.Data;
                    break;
                case "IHDR" or "PLTE" or "tRNS":
                    throw Wrong(origin, $"expected one {chunks.Type} chunk, got a second");
                case var other when char.IsAsciiLetterUpper(other[0]):
                    throw Wrong(origin, $"expected no chunk but those of PNG, got {other}, without which the picture can't be understood");
            }
        }
    }

    /// <summary>A file of 8-bit grey.</summary>
    /// <param name="grey">Row by row, 0 for black.</param>
    public static byte[] Write(ReadOnlySpan<byte> grey, int height, int width)
    {
        using var packed = new MemoryStream();
        using (var rows = new ZLibStream(packed, CompressionLevel.SmallestSize))
            for (int y = 0; y < height; y++)
            {
                rows.WriteByte(0); // no filter
                rows.Write(grey.Slice(y * width, width));
            }
        return [.. PngChunks.Signature, .. PngChunks.Of("IHDR", PngHeader.Grey(height, width)), .. PngChunks.Of("IDAT", packed.ToArray()), .. PngChunks.Of("IEND", [])];
    }

    internal static InvalidDataException Wrong(string origin, string message, Exception? inner = null) => new($"{origin}: {message}", inner);

    private static byte[] Unpack(MemoryStream packed, PngHeader header, PngPixels pixels, string origin)
    {
        if (header.RowsLength > (packed.Length < 4 ? 0 : MostBytesFromOne * packed.Length))
            throw Wrong(origin, $"expected image data for {header.Width}×{header.Height} pixels, got {packed.Length} compressed bytes, which can't hold so many");
        var grey = new byte[header.Height * header.Width];
        byte[] row = new byte[1 + header.RowBytes], above = new byte[1 + header.RowBytes];
        var checksum = new Adler32();
        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            for (int y = 0; y < header.Height; y++, (row, above) = (above, row))
            {
                if (rows.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
                    throw Wrong(origin, $"expected image data for {header.Height} rows, got it for {y}");
                checksum.Add(row);
                pixels.Read(row, above, grey.AsSpan(y * header.Width, header.Width));
            }
            if (rows.ReadByte() >= 0)
                throw Wrong(origin, $"expected image data for {header.Height} rows, got more");
        }
        catch (Exception error) when (error is InvalidDataException or IOException && !error.Message.StartsWith(origin, StringComparison.Ordinal))
        {
            throw Wrong(origin, $"expected image data as a whole zlib stream, got a damaged one ({error.Message})", error);
        }
        // The framework takes a stream that lacks its last four bytes for a whole one.
        if (BinaryPrimitives.ReadUInt32BigEndian(packed.GetBuffer().AsSpan((int)packed.Length - 4)) != checksum.Value)
            throw Wrong(origin, "expected image data that ends with its checksum, got something else: cut short, or with something behind it");
        return grey;
    }
}
