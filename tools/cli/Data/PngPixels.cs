using System.Buffers.Binary;

namespace Conformance.Cli.Data;

/// <summary>Turns the rows of a PNG file, as they come out of the compression, into grey.</summary>
internal sealed class PngPixels
{
    private readonly PngHeader _header;
    private readonly string _origin;
    private readonly byte[] _palette; // grey, by index
    private readonly int[]? _transparent; // the one colour that is, by its samples

    /// <param name="palette">Data of PLTE; empty without one.</param>
    /// <param name="transparency">Data of tRNS; empty without one.</param>
    /// <exception cref="InvalidDataException">Palette or transparency is not as it should be.</exception>
    public PngPixels(PngHeader header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> transparency, string origin)
    {
        (_header, _origin, _palette) = (header, origin, []);
        if (header.Colour == PngColour.Palette)
        {
            if (palette.Length % 3 != 0 || palette.Length is 0 or > 3 * 256)
                throw Png.Wrong(origin, $"expected a palette of 1 to 256 colours of 3 bytes, got {palette.Length} bytes");
            _palette = new byte[palette.Length / 3];
            if (transparency.Length > _palette.Length)
                throw Png.Wrong(origin, $"expected a transparency for at most the {_palette.Length} colours of the palette, got {transparency.Length}");
            for (int i = 0; i < _palette.Length; i++)
                _palette[i] = Grey(palette[3 * i], palette[3 * i + 1], palette[3 * i + 2], i < transparency.Length ? transparency[i] : 255, 255);
        }
        else if (!transparency.IsEmpty)
        {
            if (header.Colour is PngColour.GreyAlpha or PngColour.Rgba || transparency.Length != 2 * header.Channels)
                throw Png.Wrong(origin, $"expected no tRNS of {transparency.Length} bytes with colour type {(int)header.Colour}");
            _transparent = new int[header.Channels];
            for (int channel = 0; channel < _transparent.Length; channel++)
                _transparent[channel] = BinaryPrimitives.ReadUInt16BigEndian(transparency[(2 * channel)..]);
        }
    }

    private int Full => (1 << _header.Depth) - 1;

    /// <param name="row">Its filter, then its bytes; afterwards without the filter's work.</param>
    /// <param name="above">The row before, zeros for the first.</param>
    /// <exception cref="InvalidDataException">There is no such filter, or no such colour in the palette.</exception>
    public void Read(Span<byte> row, ReadOnlySpan<byte> above, Span<byte> grey)
    {
        Unfilter(row[0], row[1..], above[1..]);
        ReadOnlySpan<byte> samples = row[1..];
        int channels = _header.Channels;
        for (int x = 0; x < grey.Length; x++)
        {
            int at = x * channels, first = Sample(samples, at);
            grey[x] = _header.Colour switch
            {
                PngColour.Palette => first < _palette.Length ? _palette[first] : throw Png.Wrong(_origin, $"expected colours from 0 to {_palette.Length - 1}, those of the palette, got {first}"),
                PngColour.Grey => Grey(first, first, first, first == _transparent?[0] ? 0 : Full, Full),
                PngColour.GreyAlpha => Grey(first, first, first, Sample(samples, at + 1), Full),
                PngColour.Rgb => Rgb(first, Sample(samples, at + 1), Sample(samples, at + 2)),
                _ => Grey(first, Sample(samples, at + 1), Sample(samples, at + 2), Sample(samples, at + 3), Full),
            };
        }
    }

    private byte Rgb(int red, int green, int blue) =>
        Grey(red, green, blue, _transparent is [var r, var g, var b] && (r, g, b) == (red, green, blue) ? 0 : Full, Full);

    /// <summary>BT.601 luma over black, as a byte: exact, and rounded once, halves up.</summary>
    /// <param name="full">What a sample has at most.</param>
    private static byte Grey(long red, long green, long blue, long alpha, long full)
    {
        long luma = 299 * red + 587 * green + 114 * blue, whole = 1000 * full * full;
        return (byte)((2 * 255 * luma * alpha + whole) / (2 * whole));
    }

    private int Sample(ReadOnlySpan<byte> row, int index) => _header.Depth switch
    {
        8 => row[index],
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]),
        var depth => row[index * depth / 8] >> (8 - depth - index * depth % 8) & Full, // the leftmost pixel in the high bits
    };

    /// <summary>Each byte was stored less what its neighbours a (left), b (above) and c (above left) let expect.</summary>
    private void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        if (filter > 4)
            throw Png.Wrong(_origin, $"expected a filter from 0 to 4, got {filter}");
        int back = _header.PixelBytes;
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < back ? 0 : row[i - back], b = above[i], c = i < back ? 0 : above[i - back];
            row[i] += (byte)(filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => Paeth(a, b, c) });
        }
    }

    /// <summary>That neighbour which is nearest to a + b − c.</summary>
    private static int Paeth(int a, int b, int c)
    {
        int toA = Math.Abs(b - c), toB = Math.Abs(a - c), toC = Math.Abs(a + b - 2 * c);
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }
}
