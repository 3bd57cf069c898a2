namespace Conformance.Suite.Protocol;

/// <summary>One line of bytes, without its end.</summary>
/// <param name="TooLong">Whether the line is too long. The bytes are then its beginning, and the rest was not read.</param>
/// <param name="HasMore">Whether more bytes came with it.</param>
internal sealed record WireLine(byte[] Bytes, bool TooLong, bool HasMore);

/// <summary>Reads lines from a stream, with a limited buffer.</summary>
/// <param name="longest">The largest length of a line in bytes.</param>
internal sealed class LineReader(Stream stream, int longest)
{
    private const int Chunk = 1 << 16;

    private byte[] _buffer = new byte[Chunk];
    private int _start;
    private int _end;
    private bool _isInside; // a line whose beginning was read

    /// <summary>The largest length of a line in bytes. It may be changed while a line is awaited.</summary>
    public int Longest { get; set; } = longest;

    /// <summary>Reads what is left of a line that was too long.</summary>
    public void SkipRest()
    {
        while (_isInside && Read() is not null)
            continue;
    }

    /// <summary>Reads the next line; null at the end of the stream. A last line without a line end counts.</summary>
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
        _isInside = tooLong;
        return new(bytes, tooLong || length > Longest, _start < _end);
    }

    /// <summary>Makes room behind the buffered bytes.</summary>
    /// <returns>The distance by which the buffered bytes were moved.</returns>
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
