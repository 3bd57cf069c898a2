using System.Buffers.Binary;
using System.IO.Compression;

namespace Conformance.Engine.Data;

/// <summary>
/// Reads MNIST's IDX files, raw or gzip; the content tells which. The format is two zero bytes, the element type (8: unsigned byte), the number of
/// axes, the extent of each axis as a big-endian 32-bit number, and the elements, row-major.
/// </summary>
public static class Idx
{
    /// <summary>The number of bytes read at a time, so that no more is allocated than the file holds.</summary>
    private const int Portion = 1 << 20;

    /// <summary>Reads images of one byte per pixel, <c>[count][height][width]</c>.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is no IDX file of images, or is cut off.</exception>
    public static (byte[] Pixels, int Count, int Height, int Width) ReadImages(string path)
    {
        using var file = Open(path, "images");
        return ReadImages(file, path);
    }

    /// <summary>Reads images from a stream, to its end.</summary>
    /// <param name="stream">A stream that can seek, such as a file or a <see cref="MemoryStream"/>.</param>
    /// <param name="origin">The name of the stream, for messages.</param>
    /// <exception cref="InvalidDataException">The stream holds no IDX file of images, or is cut off.</exception>
    public static (byte[] Pixels, int Count, int Height, int Width) ReadImages(Stream stream, string origin)
    {
        var (elements, shape) = Read(stream, origin, axes: 3, "images");
        return (elements, shape[0], shape[1], shape[2]);
    }

    /// <summary>Reads labels, one byte per image.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is no IDX file of labels, or is cut off.</exception>
    public static byte[] ReadLabels(string path)
    {
        using var file = Open(path, "labels");
        return ReadLabels(file, path);
    }

    /// <inheritdoc cref="ReadImages(Stream, string)"/>
    public static byte[] ReadLabels(Stream stream, string origin) => Read(stream, origin, axes: 1, "labels").Elements;

    private static FileStream Open(string path, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path}: expected an IDX file of {what}, got a directory");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: expected an IDX file of {what}, but there is no such file", path);
        return File.OpenRead(path);
    }

    private static (byte[] Elements, int[] Shape) Read(Stream file, string path, int axes, string what)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Length == 0)
            throw new InvalidDataException($"{path}: expected an IDX file of {what}, got an empty file");

        bool gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        using Stream? unpacked = gzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
        var stream = unpacked ?? file;
        try
        {
            var shape = ReadHeader(stream, path, axes, what);
            byte[] elements = ReadElements(stream, path, shape, gzip ? long.MaxValue : file.Length - file.Position);
            if (gzip)
                CheckGzipLength(file, path, 4 + 4 * axes + elements.Length);
            return (elements, shape);
        }
        catch (InvalidDataException exception) when (gzip && !exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: expected a whole gzip stream, got a damaged or truncated one ({exception.Message})", exception);
        }
    }

    /// <summary>
    /// Checks the length at the end of a gzip file. .NET checks the checksum before it, but accepts a file that is cut between the two.
    /// </summary>
    private static void CheckGzipLength(Stream file, string path, int length)
    {
        var last = new byte[4];
        file.Seek(-last.Length, SeekOrigin.End);
        file.ReadExactly(last);
        uint told = BinaryPrimitives.ReadUInt32LittleEndian(last);
        if (told != length)
            throw new InvalidDataException(
                $"{path}: expected a whole gzip stream that ends with its length {length}, got {told}: cut short, or with something behind it");
    }

    private static int[] ReadHeader(Stream stream, string path, int axes, string what)
    {
        var header = new byte[4 + 4 * axes];
        int got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        uint expected = 0x0800u + (uint)axes;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (got >= 4 && magic != expected)
            throw new InvalidDataException($"{path}: expected the magic number 0x{expected:X8} of IDX {what}, got 0x{magic:X8}");
        if (got < header.Length)
            throw new InvalidDataException($"{path}: expected an IDX header of {header.Length} bytes, got {got}");

        var shape = new int[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + 4 * axis));
            if (extent is 0 or > int.MaxValue)
                throw new InvalidDataException($"{path}: expected an extent from 1 to {int.MaxValue} for axis {axis}, got {extent}");
            shape[axis] = (int)extent;
        }
        return shape;
    }

    /// <param name="available">The bytes left in the file; <see cref="long.MaxValue"/> if unknown.</param>
    private static byte[] ReadElements(Stream stream, string path, int[] shape, long available)
    {
        string extents = string.Join("×", shape);
        var product = shape.Aggregate(UInt128.One, (size, extent) => size * (UInt128)extent);
        if (product > (UInt128)Array.MaxLength)
            throw new InvalidDataException($"{path}: expected at most {Array.MaxLength} elements, but the header says {extents} = {product}");
        int size = (int)product;
        if (available != long.MaxValue && available != size)
            throw new InvalidDataException($"{path}: expected {extents} = {size} bytes after the header, got {available}");

        // The length of a gzip stream is not known beforehand. The array grows with the data, up to the size in the header.
        var elements = new byte[Math.Min(size, available == long.MaxValue ? Portion : size)];
        int got = 0;
        while (true)
        {
            got += stream.ReadAtLeast(elements.AsSpan(got), elements.Length - got, throwOnEndOfStream: false);
            if (got < elements.Length)
                throw new InvalidDataException($"{path}: expected {extents} = {size} bytes after the header, got {got}");
            if (got == size)
                break;
            Array.Resize(ref elements, (int)Math.Min(size, 2L * elements.Length));
        }
        if (stream.ReadByte() >= 0) // also makes a gzip stream verify its checksum
            throw new InvalidDataException($"{path}: expected {extents} = {size} bytes after the header, got more");
        return elements;
    }
}
