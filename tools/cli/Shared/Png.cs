using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using StbImageSharp;

namespace Conformance.Cli.Shared;

/// <summary>
/// PNG files as grey images of one byte a pixel, and back. Every colour type and depth is read, interlaced or not. A pixel is its luma by ITU-R
/// BT.601, 0.299·R + 0.587·G + 0.114·B, over a ground where it is not opaque; it is computed in whole numbers and rounded once. Gamma and colour
/// profiles are not applied. What stands behind the chunk IEND is not looked at.
/// </summary>
internal static class Png
{
    /// <summary>The largest sample of 16 bits, which the decoder makes of every depth.</summary>
    private const int Full = ushort.MaxValue;

    /// <param name="origin">Named in messages: the file.</param>
    /// <param name="ground">The grey that transparent pixels show.</param>
    /// <exception cref="InvalidDataException">It is no PNG file, or not a whole one; the message says what was expected.</exception>
    public static unsafe GreyPicture Read(ReadOnlySpan<byte> bytes, string origin, byte ground = 0)
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
            bool low = HasLowBytesAlone(bytes, new(samples, height * width * channels), channels);
            int scale = low ? Full / byte.MaxValue : 1;
            var grey = new byte[height * width];
            for (int i = 0; i < grey.Length; i++)
            {
                var pixel = samples + (long)i * channels;
                grey[i] = channels switch
                {
                    1 => Luma(scale * pixel[0], scale * pixel[0], scale * pixel[0], Full, ground),
                    2 => Luma(pixel[0], pixel[0], pixel[0], pixel[1], ground),
                    3 => Luma(scale * pixel[0], scale * pixel[1], scale * pixel[2], Full, ground),
                    _ => Luma(pixel[0], pixel[1], pixel[2], pixel[3], ground),
                };
            }
            return new(height, width, grey) { Note = low ? "its samples have 16 bits, and none is above 255; they are read as bytes" : null };
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
        return
        [
            .. PngChunks.Signature,
            .. PngChunks.Write("IHDR", header),
            .. PngChunks.Write("IDAT", packed.ToArray()),
            .. PngChunks.Write("IEND", []),
        ];
    }

    /// <summary>Whether a program wrote bytes as 16 bits without scaling them. As they stand they are all but black.</summary>
    private static bool HasLowBytesAlone(ReadOnlySpan<byte> bytes, ReadOnlySpan<ushort> samples, int channels)
    {
        const int depthAt = 24; // behind the signature, IHDR's length and type, and the two sizes
        return bytes[depthAt] == 16 && (channels is 1 or 3)
            && !samples.ContainsAnyExceptInRange<ushort>(0, byte.MaxValue) && samples.ContainsAnyExcept<ushort>(0);
    }

    /// <summary>BT.601 luma over a ground, as a byte: exact, and rounded once, halves up.</summary>
    private static byte Luma(long red, long green, long blue, long alpha, byte ground)
    {
        long luma = 299 * red + 587 * green + 114 * blue, whole = 1000L * Full * Full;
        long below = 1000L * ground * (Full / byte.MaxValue) * (Full - alpha);
        return (byte)((2 * 255 * (luma * alpha + below) + whole) / (2 * whole));
    }
}
