using System.Buffers.Binary;
using System.IO.Compression;
using Conformance.Engine.Files;

namespace Conformance.Engine.Data;

/// <summary>
/// Reads MNIST's IDX files, raw or gzip; the content tells which. The format is two zero bytes, the element type (8: unsigned byte), the number of
/// axes, the extent of each axis as a big-endian 32-bit number, and the elements, row-major.
/// </summary>
public static class Idx
{
    /// <summary>What a byte of a gzip can unpack to, at most: a property of its method, deflate.</summary>
    private const int MostUnpacked = 1032;

    /// <summary>Reads images of one byte per pixel, <c>[count][height][width]</c>.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is no IDX file of images, or is cut off.</exception>
    public static (byte[] Pixels, int Count, int Height, int Width) ReadImages(string path)
    {
        using var file = Open(path, "images");
        return ReadImages(file, path);
    }

    /// <summary>Reads images from a stream, to its end.</summary>
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
        byte[] head = BoundedReader.ReadHead(file);
        bool gzip = head is [0x1f, 0x8b, ..];
        if (!gzip)
            CheckMagic(head, path, axes, what, "");
        using Stream? copy = file.CanSeek && file.Length > 0
            ? null
            : new MemoryStream(BoundedReader.ReadToEnd(file, BoundedReader.MostData, path, head)); // a pipe or a device
        var whole = copy ?? file;
        whole.Position = 0;
        using Stream? unpacked = gzip ? new GZipStream(whole, CompressionMode.Decompress, leaveOpen: true) : null;
        try
        {
            var shape = ReadHeader(unpacked ?? whole, path, axes, what, gzip);
            int size = SizeOf(shape, path);
            if (gzip)
                CheckGzipLength(whole, path, shape, size);
            else if (whole.Length - whole.Position != size)
                throw WrongLength(path, shape, size, $"{whole.Length - whole.Position}");
            return (ReadElements(unpacked ?? whole, path, shape, size), shape);
        }
        catch (InvalidDataException exception) when (gzip && !exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: expected a whole gzip stream, got a damaged or truncated one ({exception.Message})", exception);
        }
    }

    /// <param name="prefix">Put before what the file is said to be.</param>
    private static void CheckMagic(ReadOnlySpan<byte> head, string path, int axes, string what, string prefix)
    {
        ReadOnlySpan<byte> magic = [0, 0, 8, (byte)axes];
        if (!head.StartsWith(magic) && !(head.Length is > 0 and < 4 && magic.StartsWith(head)))
            throw new InvalidDataException(
                $"{path}: expected IDX {what}, with the magic number 0x{Convert.ToHexString(magic)}, got {prefix}{FileKind.Describe(head)}");
    }

    /// <summary>
    /// A gzip file ends with the length of its content. It is asked before memory is taken for the content. Moreover, the framework takes a file cut
    /// between checksum and length for a whole one.
    /// </summary>
    private static void CheckGzipLength(Stream file, string path, int[] shape, int size)
    {
        long at = file.Position;
        var last = new byte[4];
        file.Seek(-last.Length, SeekOrigin.End);
        file.ReadExactly(last);
        file.Position = at;
        uint told = BinaryPrimitives.ReadUInt32LittleEndian(last);
        uint length = (uint)(4 + 4 * shape.Length + size);
        if (told != length)
            throw WrongLength(path, shape, size, $"a gzip that ends with the length {told} and not {length}: cut short, or with something behind it");
        if (length > MostUnpacked * file.Length)
            throw WrongLength(path, shape, size, $"a gzip of {file.Length} bytes, which can't hold so much");
    }

    private static int[] ReadHeader(Stream stream, string path, int axes, string what, bool gzip)
    {
        var header = new byte[4 + 4 * axes];
        int got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (gzip && !(header is [0, 0, 8, var ranks, ..] && ranks == axes && got >= 4))
            CheckMagic([.. header.AsSpan(0, got), .. BoundedReader.ReadHead(stream)], path, axes, what, "a gzip of ");
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

    private static int SizeOf(int[] shape, string path)
    {
        var product = shape.Aggregate(UInt128.One, (size, extent) => size * (UInt128)extent);
        return product <= BoundedReader.MostData ? (int)product : throw new InvalidDataException(
            $"{path}: expected at most {BoundedReader.MostData} elements, but the header says {string.Join("×", shape)} = {product}");
    }

    private static byte[] ReadElements(Stream stream, string path, int[] shape, int size)
    {
        var elements = new byte[size];
        int got = stream.ReadAtLeast(elements, size, throwOnEndOfStream: false);
        if (got < size)
            throw WrongLength(path, shape, size, $"{got}");
        if (stream.ReadByte() >= 0) // reads a gzip stream to its checksum, too
            throw WrongLength(path, shape, size, "more");
        return elements;
    }

    private static InvalidDataException WrongLength(string path, int[] shape, int size, string got) =>
        new($"{path}: expected {string.Join("×", shape)} = {size} bytes after the header, got {got}");
}
