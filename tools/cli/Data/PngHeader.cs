using System.Buffers.Binary;

namespace Conformance.Cli.Data;

/// <summary>Colour types, by their numbers in IHDR.</summary>
internal enum PngColour
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}

/// <summary>IHDR: the size of the picture, and how a pixel is stored.</summary>
/// <param name="Depth">Bits of a sample.</param>
internal readonly record struct PngHeader(int Height, int Width, int Depth, PngColour Colour)
{
    public int Channels => Colour switch { PngColour.Rgb => 3, PngColour.GreyAlpha => 2, PngColour.Rgba => 4, _ => 1 };

    /// <summary>Of a row without the byte that names its filter.</summary>
    public int RowBytes => (int)(((long)Width * Channels * Depth + 7) / 8);

    /// <summary>Bytes between a sample and the same of the pixel before; filters look so far back.</summary>
    public int PixelBytes => Math.Max(1, Channels * Depth / 8);

    /// <summary>Bytes of the image data, unpacked.</summary>
    public long RowsLength => (1L + RowBytes) * Height;

    /// <exception cref="InvalidDataException">It is no IHDR, or one of a kind that is not read.</exception>
    public static PngHeader Of(ReadOnlySpan<byte> data, string origin)
    {
        if (data.Length != 13)
            throw Png.Wrong(origin, $"expected 13 bytes in IHDR, got {data.Length}");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || height == 0 || (ulong)width * height > Png.MostPixels)
            throw Png.Wrong(origin, $"expected from 1 to {Png.MostPixels} pixels, got {width}×{height}");
        var (depth, colour) = (data[8], (PngColour)data[9]);
        bool allowed = colour switch
        {
            PngColour.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngColour.Palette => depth is 1 or 2 or 4 or 8,
            PngColour.Rgb or PngColour.GreyAlpha or PngColour.Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!allowed)
            throw Png.Wrong(origin, $"expected a colour type and depth of PNG, got type {(int)colour} with {depth} bits");
        if (data[10] != 0 || data[11] != 0)
            throw Png.Wrong(origin, $"expected compression 0 and filter 0, PNG's only ones, got {data[10]} and {data[11]}");
        if (data[12] != 0)
            throw Png.Wrong(origin, "expected a file that is not interlaced; save it again without interlacing");
        return new((int)height, (int)width, depth, colour);
    }

    /// <summary>The data of IHDR for 8-bit grey.</summary>
    public static byte[] Grey(int height, int width)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        data[8] = 8;
        return data;
    }
}
