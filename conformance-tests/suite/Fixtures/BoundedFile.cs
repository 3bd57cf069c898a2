using System.Globalization;
using System.Text;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// Reads files that someone else wrote, up to a limit: a device or a pipe may have no end, and a file may grow while it is read. The suite
/// does not reference the engine, whose reader does the same.
/// </summary>
internal static class BoundedFile
{
    /// <summary>Of a case file or a vector: far more than the 300 KiB of a stored one.</summary>
    public const int MostVector = 4 << 20;

    /// <summary>Of a list of known failures.</summary>
    public const int MostList = 16 << 20;

    /// <summary>Of results: about half a million cases.</summary>
    public const int MostResults = 256 << 20;

    /// <summary>Of one line, which is a question or an answer.</summary>
    public const int MostLine = 256 << 20;

    /// <summary>Of a recording, all its lines.</summary>
    public const long MostRecording = 4L << 30;

    private const int Portion = 1 << 16;

    /// <summary>All bytes of a file.</summary>
    /// <param name="most">The limit, in bytes.</param>
    /// <param name="open">Opens the file if it is not on disk.</param>
    /// <exception cref="FixtureException">It is longer.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ReadOnlyMemory<byte> ReadBytes(string path, int most, Func<string, Stream>? open = null)
    {
        using var stream = (open ?? File.OpenRead)(path);
        var (buffer, chunk) = (new MemoryStream(), new byte[Portion]);
        while (stream.Read(chunk) is > 0 and var count)
        {
            if (buffer.Length + count > most)
                throw TooLong(path, most);
            buffer.Write(chunk, 0, count);
        }
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>The text of a file, in UTF-8, without the mark of its beginning.</summary>
    /// <param name="most">The limit, in bytes.</param>
    /// <exception cref="FixtureException">It is longer.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static string ReadText(string path, int most)
    {
        var bytes = ReadBytes(path, most).Span;
        return Encoding.UTF8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
    }

    public static FixtureException TooLong(string path, long most) =>
        new(path, "file", string.Create(CultureInfo.InvariantCulture, $"expected at most {most >> 20} MiB, got more"));
}
