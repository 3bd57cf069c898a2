using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using StbImageSharp;

namespace Conformance.Cli.Shared;

/// <summary>
/// PNG files as grey images of one byte a pixel, and back. Every colour type and depth is read, interlaced or not. A pixel is its luma by ITU-R
/// BT.601, 0.299·R + 0.587·G + 0.114·B, over black where it is not opaque; it is computed in whole numbers and rounded once. Gamma and colour
/// profiles are not applied. What stands behind the chunk IEND is not looked at.
/// </summary>
internal static class Png
{
    /// <summary>The largest sample of 16 bits, which the decoder makes of every depth.</summary>
    private const int Full = ushort.MaxValue;

    /// <param name="origin">Named in messages: the file.</param>
    /// <returns>The pixels row by row, 0 for black.</returns>
    /// <exception cref="InvalidDataException">It is no PNG file, or not a whole one; the message says what was expected.</exception>
    public static unsafe (int Height, int Width, byte[] Grey) Read(ReadOnlySpan<byte> bytes, string origin)
    {
        PngChunks.Check(bytes, origin);
        int width, height, channels;
        ushort* samples = null;
        try
        {
            using var file = new MemoryStream(bytes.ToArray());
            samples = StbImage.stbi__load_and_postprocess_16bit(new(file), &width, &height, &channels, 0);
            if (samples is null)
                throw PngChunks.Wrong(origin, $"expected a whole PNG file, got a damaged one ({StbImage.stbi__g_failure_reason.Trim('\0', ' ')})");
            var grey = new byte[height * width];
            for (int i = 0; i < grey.Length; i++)
            {
                var pixel = samples + (long)i * channels;
                grey[i] = channels switch
                {
                    1 => Luma(pixel[0], pixel[0], pixel[0], Full),
                    2 => Luma(pixel[0], pixel[0], pixel[0], pixel[1]),
                    3 => Luma(pixel[0], pixel[1], pixel[2], Full),
                    _ => Luma(pixel[0], pixel[1], pixel[2], pixel[3]),
                };
            }
            return (height, width, grey);
        }
        finally
        {
            Marshal.FreeHGlobal((nint)samples);
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
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits of a sample
        return [.. PngChunks.Signature, .. PngChunks.Write("IHDR", header), .. PngChunks.Write("IDAT", packed.ToArray()), .. PngChunks.Write("IEND", [])];
    }

    /// <summary>BT.601 luma over black, as a byte: exact, and rounded once, halves up.</summary>
    private static byte Luma(long red, long green, long blue, long alpha)
    {
        long luma = 299 * red + 587 * green + 114 * blue, whole = 1000L * Full * Full;
        return (byte)((2 * 255 * luma * alpha + whole) / (2 * whole));
    }
}
