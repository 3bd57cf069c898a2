using System.Diagnostics;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// One running engine. A mistake in its behaviour becomes an exception with a one-line message. The caller that receives it ends the process.
/// </summary>
internal sealed class EngineProcess : IDisposable
{
    /// <summary>The most lines that an engine may print before its greeting, such as the banner of a library.</summary>
    private const int MostBannerLines = 20;

    private static readonly TimeSpan ExitTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly ProcessTree _tree;
    private readonly Conversation _conversation;
    private readonly ErrorTail _stderr;
    private readonly TimeSpan _timeout;
    private bool _hasMore;
    private readonly Lock _ending = new();
    private bool _dead;

    private EngineProcess(ProcessTree tree, TimeSpan timeout)
    {
        (_tree, _timeout) = (tree, timeout);
        _conversation = new(tree.Root.StandardInput.BaseStream, tree.Root.StandardOutput.BaseStream);
        _stderr = new(tree.Root.StandardError.BaseStream);
    }

    public Greeting Greeting { get; private set; } = null!;

    /// <summary>The greeting as it was received.</summary>
    public byte[] GreetingLine { get; private set; } = [];

    /// <summary>The lines that the engine printed before its greeting.</summary>
    public IReadOnlyList<string> Banner { get; private set; } = [];

    /// <summary>Whether the engine has written more than was asked for.</summary>
    public bool HasMore => _hasMore || _conversation.HasMore;

    /// <exception cref="NoGreetingException">The engine does not start or does not greet.</exception>
    public static EngineProcess Start(EngineCommand command, CancellationToken cancel)
    {
        var tree = ProcessTree.Start(command.Sandbox?.Wrap(command.Words) ?? command.Words);
        EngineProcess engine;
        try
        {
            engine = new(tree, command.Timeout);
        }
        catch
        {
            tree.Kill(); // there is no memory for its threads
            throw;
        }
        try
        {
            engine.Greet(command.Timeout > command.GreetingTime ? command.Timeout : command.GreetingTime, cancel);
            return engine;
        }
        catch
        {
            engine.Kill();
            throw;
        }
    }

    /// <summary>Sends a question and waits for the line that answers it.</summary>
    /// <exception cref="ProtocolException">No answer came, or one that is longer than an answer can be.</exception>
    public byte[] Ask(byte[] request, int longestAnswer, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            if (HasMore)
                throw new ProtocolException(
                    $"""before it was asked, the engine wrote '{Visible.Line(_conversation.Next(default, cancel).Bytes, 80)}': """
                    + "one line for each request, and all else to stderr");
            _conversation.Send(request, longestAnswer, _timeout, cancel);
            var line = _conversation.Next(_timeout - Stopwatch.GetElapsedTime(start), cancel);
            if (line.TooLong)
                throw new ProtocolException(
                    $"a line of more than {longestAnswer} bytes, and this case's answer needs fewer; it begins '{Visible.Line(line.Bytes, 40)}'");
            _hasMore = line.HasMore;
            return line.Bytes;
        }
        catch (TimeoutException)
        {
            throw _tree.Root.HasExited
                ? Ended()
                : new ProtocolException($"no answer within {_timeout.TotalSeconds:0.###} s{LastWords(default)}") { Fault = Fault.Silent };
        }
        catch (EndOfStreamException)
        {
            throw Ended();
        }
    }

    /// <summary>Closes the engine's input. If the engine does not end by itself, it is stopped, with all processes that it started.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public bool Finish()
    {
        lock (_ending)
        {
            if (_dead)
                return true;
            _conversation.Close();
            var went = _tree.Root.WaitForExit(ExitTime);
            Kill();
            return went;
        }
    }

    /// <summary>
    /// Stops the engine immediately, with all processes that it started. When the method returns none is left, whoever began to stop them.
    /// </summary>
    public void Kill()
    {
        lock (_ending)
        {
            if (_dead)
                return;
            _dead = true;
            _tree.Kill();
            _conversation.Close();
            _conversation.Dispose();
            _tree.Root.Dispose();
        }
    }

    public void Dispose() => Kill();

    private void Greet(TimeSpan time, CancellationToken cancel)
    {
        var (start, banner) = (Stopwatch.GetTimestamp(), new List<string>());
        try
        {
            _conversation.Send(Greeting.Ours, Conversation.Unasked, time, cancel);
            for (; ; )
            {
                var line = _conversation.Next(time - Stopwatch.GetElapsedTime(start), cancel);
                if (!line.TooLong && line.Bytes is [(byte)'{', ..])
                {
                    (Greeting, GreetingLine, Banner) = (Greeting.Read(line.Bytes), line.Bytes, banner);
                    return;
                }
                banner.Add(Visible.Line(line.Bytes, 80));
                if (line.TooLong || banner.Count > MostBannerLines)
                    throw new NoGreetingException(
                        $"""it prints other things in place of a greeting, first '{banner[0]}': stdout is the protocol's, print to stderr""");
            }
        }
        catch (ProtocolException problem)
        {
            throw new NoGreetingException($"its greeting: {problem.Message}");
        }
        catch (TimeoutException)
        {
            throw new NoGreetingException(
                $$"""no greeting within {{time.TotalSeconds:0.###}} s: expected {"conformance":1,…}, one line on stdout, flushed"""
                + Printed() + LastWords(default));
        }
        catch (EndOfStreamException)
        {
            throw new NoGreetingException($"no greeting: {Ending()}{Printed()}");
        }

        string Printed() => banner.Count == 0 ? "" : $"; it printed '{banner[^1]}'";
    }

    private ProtocolException Ended() => new(Ending()) { Fault = _tree.Root.HasExited ? Fault.Died : Fault.Silent };

    /// <summary>The reason why no more lines come.</summary>
    private string Ending()
    {
        if (!_tree.Root.WaitForExit(Moment))
            return "the engine closed its stdout, and lives on" + LastWords(default);
        var code = _tree.Root.ExitCode;
        return (code > 128 && code < 160
            ? $"the engine died of signal {code - 128}{SignalName(code - 128)}"
            : $"the engine ended with exit code {code}") + LastWords(Moment);
    }

    private static string SignalName(int signal) => signal switch
    {
        4 => " (illegal instruction)",
        6 => " (abort)",
        8 => " (arithmetic error)",
        9 => " (killed: out of memory?)",
        11 => " (segmentation fault)",
        15 => " (terminated)",
        _ => "",
    };

    private string LastWords(TimeSpan patience) => _stderr.Text(patience) is { Length: > 0 } text ? $"; last on stderr: {text}" : "";
}
