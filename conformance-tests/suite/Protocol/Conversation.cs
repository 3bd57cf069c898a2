using System.Collections.Concurrent;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Lines to and from an engine, with an end to all waiting. A thread of its own reads ahead by a line or two and no further: an engine that floods is
/// held up by its own full pipe.
/// </summary>
internal sealed class Conversation : IDisposable
{
    /// <summary>Bytes that a line may have which answers nothing.</summary>
    public const int Unasked = 1 << 16;

    private readonly BlockingCollection<WireLine> _lines = new(boundedCapacity: 2);
    private readonly CancellationTokenSource _end = new();
    private readonly Stream _to;
    private readonly LineReader _from;

    public Conversation(Stream to, Stream from)
    {
        (_to, _from) = (to, new(from, Unasked));
        new Thread(ReadAhead) { IsBackground = true, Name = "engine's replies" }.Start();
    }

    /// <summary>Whether the engine has said more than was read.</summary>
    public bool HasMore => _lines.Count > 0;

    /// <summary>Sends a line.</summary>
    /// <exception cref="TimeoutException">The engine does not read it.</exception>
    /// <exception cref="EndOfStreamException">It can't be told anything any more.</exception>
    public void Send(byte[] line, int longestAnswer, TimeSpan timeout, CancellationToken cancel)
    {
        _from.Longest = longestAnswer;
        var write = Task.Run(
            () =>
            {
                _to.Write([.. line, (byte)'\n']);
                _to.Flush();
            },
            CancellationToken.None);
        try
        {
            if (!write.Wait(Milliseconds(timeout), cancel))
                throw new TimeoutException();
        }
        catch (AggregateException error) when (error.InnerException is IOException or ObjectDisposedException)
        {
            throw new EndOfStreamException(error.InnerException.Message, error);
        }
    }

    /// <summary>The engine's next line.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    /// <exception cref="EndOfStreamException">None will.</exception>
    public WireLine Next(TimeSpan timeout, CancellationToken cancel) =>
        _lines.TryTake(out var line, Milliseconds(timeout), cancel)
            ? line
            : throw (_lines.IsCompleted ? new EndOfStreamException() : new TimeoutException());

    /// <summary>Says that nothing more will be asked.</summary>
    public void Close()
    {
        try
        {
            _to.Dispose();
        }
        catch (IOException)
        {
            // The engine is gone: it need not be told.
        }
    }

    public void Dispose() => _end.Cancel();

    private void ReadAhead()
    {
        try
        {
            while (_from.Read() is { } line)
                _lines.Add(line, _end.Token);
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Whoever waits is told that nothing more comes.
        }
        _lines.CompleteAdding();
    }

    private static int Milliseconds(TimeSpan time) => (int)Math.Clamp(time.TotalMilliseconds, 0, int.MaxValue);
}
