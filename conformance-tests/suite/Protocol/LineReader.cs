namespace Conformance.Suite.Protocol;

/// <summary>One line of bytes, its end not included.</summary>
/// <param name="TooLong">It is longer than it may be: these are its first bytes, and the rest was not read.</param>
/// <param name="HasMore">More came with it.</param>
internal sealed record WireLine(byte[] Bytes, bool TooLong, bool HasMore);

/// <summary>Reads lines from a stream in memory that is bounded, whatever comes.</summary>
/// <param name="longest">Bytes that a line may have.</param>
internal sealed class LineReader(Stream stream, int longest)
{
    private const int Chunk = 1 << 16;

    private byte[] _buffer = new byte[Chunk];
    private int _start;
    private int _end;

    /// <summary>Bytes that a line may have. It may be changed while a line is awaited.</summary>
    public int Longest { get; set; } = longest;

    /// <summary>The next line; null at the end. A last line without its end is one too.</summary>
    public WireLine? Read()
    {
        for (var seen = _start; ;)
        {
            var found = _buffer.AsSpan(seen, _end - seen).IndexOf((byte)'\n');
            if (found >= 0)
                return Take(seen + found - _start, skip: 1);
            seen = _end;
            if (_end - _start > Longest)
                return Take(_end - _start, skip: 0, tooLong: true);
            seen -= MakeRoom();
            var read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
                return _end > _start ? Take(_end - _start, skip: 0) : null;
            _end += read;
        }
    }

    private WireLine Take(int length, int skip, bool tooLong = false)
    {
        var bytes = _buffer.AsSpan(_start, tooLong ? Math.Min(length, Chunk) : length).TrimEnd((byte)'\r').ToArray();
        _start += length + skip;
        return new(bytes, tooLong || length > Longest, _start < _end);
    }

    /// <summary>Makes room behind what is buffered.</summary>
    /// <returns>By how much what is buffered has moved.</returns>
    private int MakeRoom()
    {
        if (_buffer.Length - _end >= Chunk / 2)
            return 0;
        var moved = _start;
        var bigger = _end - _start > _buffer.Length / 2
            ? new byte[Math.Max(2 * _buffer.Length, Chunk)]
            : _buffer.Length > 4 * Chunk && _end == _start
            ? new byte[Chunk]
            : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(bigger);
        (_buffer, _start, _end) = (bigger, 0, _end - _start);
        return moved;
    }
}
