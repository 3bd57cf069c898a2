using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// The end of an engine's stderr. It is read as fast as it comes, so that the engine never waits, and only the last bytes are kept.
/// </summary>
internal sealed class ErrorTail
{
    private const int Kept = 4096;
    private const int LinesShown = 3;

    private readonly Lock _lock = new();
    private readonly Thread _reader;
    private byte[] _tail = [];

    public ErrorTail(Stream stream)
    {
        _reader = new(() => Drain(stream)) { IsBackground = true, Name = "engine's stderr" };
        _reader.Start();
    }

    /// <summary>The last lines joined into one and made safe to show; empty if nothing was written.</summary>
    /// <param name="patience">How long to wait for the end of the stream, if the engine has just ended.</param>
    public string Text(TimeSpan patience)
    {
        _reader.Join(patience);
        byte[] tail;
        lock (_lock)
            tail = _tail;
        var lines = System.Text.Encoding.UTF8.GetString(tail).Split('\n').Select(line => Visible.Line(line, 160)).Where(line => line.Length > 0);
        return string.Join(" | ", lines.TakeLast(LinesShown));
    }

    private void Drain(Stream stream)
    {
        var chunk = new byte[1 << 16];
        try
        {
            while (stream.Read(chunk) is > 0 and var read)
                lock (_lock)
                    _tail = read >= Kept
                        ? chunk[(read - Kept)..read]
                        : [.. _tail.AsSpan(Math.Max(0, _tail.Length + read - Kept)), .. chunk.AsSpan(0, read)];
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // The stream was closed meanwhile; the kept text remains.
        }
    }
}
