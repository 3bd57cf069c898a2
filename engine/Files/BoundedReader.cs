using System.Text;

namespace Conformance.Engine.Files;

/// <summary>
/// Reads files that someone else wrote, up to a limit: a device or a pipe may have no end, and a file may grow while it is read. No more memory is
/// taken than twice what came.
/// </summary>
internal static class BoundedReader
{
    /// <summary>Of a text such as a preset or a network: far more than any has.</summary>
    public const int MostText = 16 << 20;

    /// <summary>Of a picture, before it is unpacked.</summary>
    public const int MostPicture = 64 << 20;

    /// <summary>Of weights, and of images: about twice as much as the largest set, EMNIST, has.</summary>
    public const int MostData = 1 << 30;

    private const int Portion = 1 << 16;

    /// <summary>The text of a file, in UTF-8 unless it begins with another mark.</summary>
    /// <param name="most">The limit, in bytes.</param>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static string ReadText(string path, int most = MostText)
    {
        using var file = File.OpenRead(path);
        using var bytes = new MemoryStream(ReadToEnd(file, most, path));
        using var reader = new StreamReader(bytes, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    /// <summary>The beginning of a stream: <see cref="FileKind.HeadLength"/> bytes, or all of them where there are fewer.</summary>
    public static byte[] ReadHead(Stream stream)
    {
        var head = new byte[FileKind.HeadLength];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    /// <summary>All bytes of a stream, from where it is to its end.</summary>
    /// <param name="most">The limit, in bytes.</param>
    /// <param name="origin">Named in messages: the file.</param>
    /// <param name="head">Bytes of it that were read before, and come first; they count.</param>
    /// <exception cref="InvalidDataException">There are more.</exception>
    public static byte[] ReadToEnd(Stream stream, int most, string origin, ReadOnlySpan<byte> head = default)
    {
        long ahead = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        if (ahead > most - head.Length)
            throw TooLong(origin, most, $"{head.Length + ahead}");
        var bytes = new byte[ahead > 0 ? head.Length + ahead : Math.Min(most, head.Length + Portion)];
        head.CopyTo(bytes);
        int got = head.Length;
        while (true)
        {
            got += stream.ReadAtLeast(bytes.AsSpan(got), bytes.Length - got, throwOnEndOfStream: false);
            if (got < bytes.Length)
                return bytes[..got];
            int next = stream.ReadByte();
            if (next < 0)
                return bytes;
            if (got == most)
                throw TooLong(origin, most, "more");
            Array.Resize(ref bytes, (int)Math.Min(most, 2L * bytes.Length));
            bytes[got++] = (byte)next;
        }
    }

    private static InvalidDataException TooLong(string origin, int most, string got) => new($"{origin}: expected at most {most} bytes, got {got}");
}
