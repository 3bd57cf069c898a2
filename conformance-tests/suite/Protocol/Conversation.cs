using System.Collections.Concurrent;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Sends lines to an engine and receives its lines, with a limit on all waiting. A separate thread reads ahead by one or two lines only, so an engine
/// that writes too much is blocked by its own full pipe. Another writes: on the pool's threads a line would wait behind all other work of the suite,
/// and the engine would pay for it with its time.
/// </summary>
internal sealed class Conversation : IDisposable
{
    /// <summary>The largest length in bytes of a line that answers nothing.</summary>
    public const int Unasked = 1 << 16;

    private readonly BlockingCollection<WireLine> _lines = new(boundedCapacity: 2);
    private readonly BlockingCollection<(byte[] Line, TaskCompletionSource Written)> _toWrite = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Stream _to;
    private readonly LineReader _from;

    public Conversation(Stream to, Stream from)
    {
        (_to, _from) = (to, new(from, Unasked));
        new Thread(ReadAhead) { IsBackground = true, Name = "engine's replies" }.Start();
        new Thread(Write) { IsBackground = true, Name = "engine's questions" }.Start();
    }

    /// <summary>Whether the engine has written more lines than were read.</summary>
    public bool HasMore => _lines.Count > 0;

    /// <summary>Sends a line.</summary>
    /// <exception cref="TimeoutException">The engine does not read the line.</exception>
    /// <exception cref="EndOfStreamException">The engine no longer reads.</exception>
    public void Send(byte[] line, int longestAnswer, TimeSpan timeout, CancellationToken cancel)
    {
        _from.Longest = longestAnswer;
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _toWrite.Add((line, written), CancellationToken.None);
            if (!written.Task.Wait(Milliseconds(timeout), cancel))
                throw new TimeoutException();
        }
        catch (AggregateException error) when (error.InnerException is IOException or ObjectDisposedException)
        {
            throw new EndOfStreamException(error.InnerException.Message, error);
        }
    }

    /// <summary>Returns the engine's next line.</summary>
    /// <exception cref="TimeoutException">No line came in time.</exception>
    /// <exception cref="EndOfStreamException">No line can come any more.</exception>
    public WireLine Next(TimeSpan timeout, CancellationToken cancel) =>
        _lines.TryTake(out var line, Milliseconds(timeout), cancel)
            ? line
            : throw (_lines.IsCompleted ? new EndOfStreamException() : new TimeoutException());

    /// <summary>Closes the engine's input, so that it knows that no question follows.</summary>
    public void Close()
    {
        try
        {
            _to.Dispose();
        }
        catch (IOException)
        {
            // The engine has ended and need not be told.
        }
    }

    public void Dispose()
    {
        _toWrite.CompleteAdding();
        _end.Cancel();
    }

    private void Write()
    {
        foreach (var (line, written) in _toWrite.GetConsumingEnumerable())
        {
            try
            {
                _to.Write([.. line, (byte)'\n']);
                _to.Flush();
                written.SetResult();
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or OutOfMemoryException)
            {
                written.SetException(error);
            }
        }
    }

    private void ReadAhead()
    {
        try
        {
            while (_from.Read() is { } line)
                _lines.Add(line, _end.Token);
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The thread that waits sees the end of the lines.
        }
        _lines.CompleteAdding();
    }

    private static int Milliseconds(TimeSpan time) => (int)Math.Clamp(time.TotalMilliseconds, 0, int.MaxValue);
}
