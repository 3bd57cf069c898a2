using System.Runtime.ExceptionServices;

namespace Conformance.Engine;

/// <summary>
/// Threads that share out the parts of a job: the caller and <c>threads − 1</c> of our own. A run allocates nothing and costs about a microsecond.
/// Who waits spins briefly, then yields, then blocks, so that more threads than cores do no harm.
/// </summary>
internal sealed class Workers : IDisposable
{
    private const int Spins = 200;
    private const int Yields = 2000;

    // Made beforehand: the first wait that blocks may come in any step, and must not allocate in it.
    private static readonly Func<Workers, int, bool> _isBusy = static (workers, _) => Volatile.Read(ref workers._busy) > 0;
    private static readonly Func<Workers, int, bool> _isSameRun = static (workers, seen) => Volatile.Read(ref workers._run) == seen;

    private readonly Lock _oneRun = new();
    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private int _waiting; // how many are blocked at the gate, or about to be
    private int _run; // number of the current run
    private int _busy; // own threads that have not finished the current run
    private int _next;
    private int _count;
    private Action<int>? _part;
    private ExceptionDispatchInfo? _failure;
    private bool _stopped;

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

    public int Threads => _threads.Length + 1;

    /// <summary>Calls <paramref name="part"/> with 0 … count − 1, each once, on any thread and in any order; returns when all are done.</summary>
    /// <remarks>The first exception of a part ends the run (parts not yet begun are left out) and is thrown here.</remarks>
    public void Run(int count, Action<int> part)
    {
        ObjectDisposedException.ThrowIf(_stopped, this);
        lock (_oneRun)
        {
            _count = count;
            _part = part;
            _failure = null;
            _next = 0;
            _busy = _threads.Length;
            Interlocked.Increment(ref _run);
            WakeWaiting();
            Work();
            for (int turn = 0; Volatile.Read(ref _busy) > 0; turn++)
                if (!Pause(turn))
                    BlockWhile(_isBusy, 0);
            _part = null;
            _failure?.Throw();
        }
    }

    /// <summary>Ends the threads. Must not be called during a run.</summary>
    public void Dispose()
    {
        if (_stopped)
            return;
        Volatile.Write(ref _stopped, true);
        Interlocked.Increment(ref _run);
        WakeWaiting();
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Serve()
    {
        int seen = 0;
        while (true)
        {
            for (int turn = 0; Volatile.Read(ref _run) == seen; turn++)
                if (!Pause(turn))
                    BlockWhile(_isSameRun, seen);
            seen++;
            if (Volatile.Read(ref _stopped))
                return;
            Work();
            if (Interlocked.Decrement(ref _busy) == 0)
                WakeWaiting();
        }
    }

    private void Work()
    {
        try
        {
            for (int i = Interlocked.Increment(ref _next) - 1; i < _count; i = Interlocked.Increment(ref _next) - 1)
                _part!(i);
        }
#pragma warning disable CA1031 // whatever a part throws belongs to the caller of Run, not to this thread
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref _next, _count);
        }
    }

    /// <summary>Waits a little; false when it is time to block.</summary>
    private static bool Pause(int turn)
    {
        if (turn < Spins)
            Thread.SpinWait(1);
        else if (turn < Yields)
            Thread.Yield();
        else
            return false;
        return true;
    }

    private void BlockWhile(Func<Workers, int, bool> condition, int argument)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _waiting);
            while (condition(this, argument))
                Monitor.Wait(_gate);
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Called after the condition changed by an interlocked operation: a waiter either sees the change or is seen here.</summary>
    private void WakeWaiting()
    {
        if (Volatile.Read(ref _waiting) > 0)
            lock (_gate)
                Monitor.PulseAll(_gate);
    }
}
