using System.Runtime.ExceptionServices;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Passes;

/// <summary>
/// Threads that share the parts of a job: the calling thread and <c>threads − 1</c> others. A run allocates nothing and costs about a microsecond.
/// A waiting thread spins briefly, then yields, then blocks. A run waits for parts, not for threads: a thread without a core delays the run only if
/// it has started a part.
/// </summary>
internal sealed class Workers : IDisposable
{
    private const int Spins = 200;
    private const int Yields = 2000;

    // Created once, because the first wait that blocks may come in any step and must not allocate.
    private static readonly Func<Workers, bool> _isIdle = workers =>
        Volatile.Read(ref workers._unclaimed) == 0 && !Volatile.Read(ref workers._stopped);
    private static readonly Func<Workers, bool> _isUnfinished = workers => Volatile.Read(ref workers._unfinished) > 0;

    /// <summary>The calling thread alone. It keeps no state of a run, so any number of threads may use it at once.</summary>
    public static Workers Alone { get; } = new(1);

    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private Action<int>? _part;
    private int _count;
    private int _unclaimed; // parts that no thread has started
    private int _unfinished; // parts that are not finished
    private int _waiting; // threads that block at the gate, or are about to
    private ExceptionDispatchInfo? _failure;
    private bool _stopped;

    /// <param name="threads">The number of threads, including the caller.</param>
    public Workers(int threads)
    {
        Shapes.AtLeast(1, threads, "workers", nameof(threads));
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Serve) { IsBackground = true, Name = $"worker {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>
    /// Calls <paramref name="part"/> with each of 0 … count − 1 once, on any thread and in any order. Returns when all parts are finished.
    /// </summary>
    /// <remarks>
    /// The first exception of a part ends the run and is thrown here; parts that have not started are skipped. Only one run at a time is allowed.
    /// </remarks>
    public void Run(int count, Action<int> part)
    {
        ObjectDisposedException.ThrowIf(_stopped, this);
        if (_threads.Length == 0)
        {
            for (int index = 0; index < count; index++)
                part(index);
            return;
        }
        if (count == 0)
            return;
        _part = part;
        _count = count;
        _failure = null;
        Volatile.Write(ref _unfinished, count);
        Interlocked.Exchange(ref _unclaimed, count); // publishes the run
        WakeWaiting();
        while (Claim(out int index))
            Do(index);
        WaitWhile(_isUnfinished);
        _failure?.Throw();
    }

    /// <summary>Ends the threads. Must not be called during a run.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _stopped, true);
        Interlocked.MemoryBarrier();
        WakeWaiting();
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Serve()
    {
        while (!Volatile.Read(ref _stopped))
        {
            while (Claim(out int index))
                Do(index);
            WaitWhile(_isIdle);
        }
    }

    /// <summary>Claims the next part. The run can't end until the part is finished, so its state may be read until then.</summary>
    private bool Claim(out int index)
    {
        index = 0;
        while (Volatile.Read(ref _unclaimed) is int unclaimed and > 0)
            if (Interlocked.CompareExchange(ref _unclaimed, unclaimed - 1, unclaimed) == unclaimed)
            {
                index = _count - unclaimed;
                return true;
            }
        return false;
    }

    private void Do(int index)
    {
        int done = 1;
        try
        {
            _part!(index);
        }
#pragma warning disable CA1031 // any exception of a part belongs to the caller of Run, not to this thread
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            done += Interlocked.Exchange(ref _unclaimed, 0);
        }
        if (Interlocked.Add(ref _unfinished, -done) == 0)
            WakeWaiting();
    }

    private void WaitWhile(Func<Workers, bool> condition)
    {
        for (int turn = 0; turn < Yields; turn++)
        {
            if (!condition(this))
                return;
            if (turn < Spins)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }
        lock (_gate)
        {
            Interlocked.Increment(ref _waiting);
            while (condition(this))
                Monitor.Wait(_gate);
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>
    /// Wakes waiting threads. Called behind a full fence after a condition changed: a waiter sees the change, or this method sees the waiter.
    /// </summary>
    private void WakeWaiting()
    {
        if (Volatile.Read(ref _waiting) > 0)
            lock (_gate)
                Monitor.PulseAll(_gate);
    }
}
