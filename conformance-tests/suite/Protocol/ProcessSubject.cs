using System.Collections.Concurrent;
using System.Diagnostics;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Adapts a program that speaks the protocol to the suite. Several threads may ask it: there are as many processes as jobs. Each is started when it
/// is first needed, and restarted after it died, hung or sent an invalid reply. A fault is an exception of that one question.
/// </summary>
public sealed class ProcessSubject : WireSubject, IRestartable, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly EngineCommand _command;
    private readonly Transcript? _transcript;
    private readonly CancellationToken _cancel;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentStack<EngineProcess> _idle = new();
    private readonly ConcurrentDictionary<EngineProcess, bool> _running = new();
    private readonly Strikes _strikes = new();
    private readonly ConcurrentQueue<string> _notes = new();
    private readonly string _recorded; // its name in the transcript
    private int _disposed;

    /// <summary>Starts the engine and reads its greeting.</summary>
    /// <param name="transcript">Records questions and answers; null for none.</param>
    /// <param name="cancel">Ends every wait for an answer.</param>
    /// <exception cref="NoGreetingException">The engine does not start or does not greet.</exception>
    public ProcessSubject(EngineCommand command, Transcript? transcript = null, CancellationToken cancel = default)
        : this(command, transcript, null, cancel)
    {
    }

    /// <param name="anewOf">The name in the transcript of the engine that is started anew; null for an engine of its own.</param>
    private ProcessSubject(EngineCommand command, Transcript? transcript, string? anewOf, CancellationToken cancel)
        : base(command?.Hidden)
    {
        ArgumentNullException.ThrowIfNull(command);
        (_command, _transcript, _cancel, _free) = (command, transcript, cancel, new(command.Jobs));
        var first = Started();
        (Name, Declares) = (command.Name ?? first.Greeting.Name, first.Greeting.Declares);
        if (first.Banner.Count > 0)
            _notes.Enqueue($"{Name} printed '{first.Banner[0]}' before its greeting: stdout is the protocol's, print to stderr");
        _idle.Push(first);
        try
        {
            _recorded = transcript?.Greeted(Name, first.GreetingLine, anewOf) ?? Name;
        }
        catch
        {
            first.Kill(); // nobody else has this object to dispose of
            throw;
        }
    }

    public override string Name { get; }

    public override Declaration Declares { get; }

    public override string? Options => _command.Options;

    /// <summary>The number of questions that can be asked at the same time.</summary>
    public int Jobs => _command.Jobs;

    /// <summary>Notes about the engine for people, one line each. They don't affect the verdict.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    ISubject IRestartable.Fresh() => new ProcessSubject(_command, _transcript, _recorded, _cancel);

    internal override Reply Answer(string operation, string id, byte[] request, int longest)
    {
        try
        {
            _strikes.ThrowIfOver(operation);
            _free.Wait(_cancel);
            try
            {
                var (line, reply) = Asked(operation, id, request, longest);
                _transcript?.Answered(_recorded, request, line);
                return reply;
            }
            finally
            {
                _free.Release();
            }
        }
        catch (ProtocolException problem)
        {
            _transcript?.Failed(_recorded, request, problem);
            throw;
        }
        catch (Exception own) when (own is not (SuiteException or OperationCanceledException))
        {
            throw new SuiteException($"asking {Name}", own); // whatever an engine does is a ProtocolException
        }
    }

    /// <summary>Closes the input of each process, and leaves none of them running.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        var start = Stopwatch.GetTimestamp();
        for (var job = 0; job < Jobs && Patience - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero; job++)
            _free.Wait(left, CancellationToken.None); // a cancelled wait may still be stopping its engine
        var stayed = _running.Keys.AsParallel().WithDegreeOfParallelism(Math.Max(1, _running.Count)).Count(engine =>
        {
            if (!_cancel.IsCancellationRequested)
                return !engine.Finish();
            engine.Kill();
            return false;
        });
        if (stayed > 0)
            _notes.Enqueue($"{Name} did not end when its input did, and was ended");
    }

    private (byte[] Line, Reply Reply) Asked(string operation, string id, byte[] request, int longest)
    {
        var engine = (EngineProcess?)null;
        try
        {
            engine = _idle.TryPop(out var idle) ? idle : Started();
            var line = engine.Ask(request, longest, _cancel);
            var reply = Reply.Read(line, id);
            if (engine.HasMore)
                throw new ProtocolException("more than one line came in answer: one for each request, and all else to stderr");
            _strikes.Stood(operation);
            _idle.Push(engine);
            return (line, reply);
        }
        catch (ProtocolException problem) when (problem.InStep)
        {
            _idle.Push(engine!);
            throw;
        }
        catch (ProtocolException problem)
        {
            End(engine!);
            _strikes.Fell(operation, problem.Message);
            throw;
        }
        catch (NoGreetingException problem)
        {
            _strikes.Fell(operation, problem.Message);
            throw new ProtocolException("started anew, " + problem.Message) { Fault = Fault.Silent };
        }
        catch (OperationCanceledException)
        {
            if (engine is not null)
                End(engine);
            throw;
        }
    }

    private EngineProcess Started()
    {
        var engine = EngineProcess.Start(_command, _cancel);
        _running[engine] = true;
        return engine;
    }

    private void End(EngineProcess engine)
    {
        engine.Kill();
        _running.TryRemove(engine, out _);
    }
}
