using System.Text;
using System.Text.Json;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>An engine's recorded answers, which are judged again without the engine.</summary>
public sealed class ReplaySubject : WireSubject, IRestartable
{
    private readonly Queue<ReplaySubject> _anew = [];
    private readonly Dictionary<string, (string Request, string Said, Fault? Fault)> _answers = [];

    internal ReplaySubject(string name, string path, Declaration declares, ulong? hidden)
        : base(hidden) => (Name, Options, Declares) = (Visible.Line(name, 60), $"--replay {ShellWords.Quoted(path)}", declares);

    public override string Name { get; }

    public override string? Options { get; }

    public override Declaration Declares { get; }

    /// <summary>Whether it is another engine of the recording, started anew.</summary>
    internal bool IsAnew { get; private set; }

    /// <summary>Adds the answers of the same engine when it was started anew.</summary>
    internal void StartedAnew(ReplaySubject anew)
    {
        anew.IsAnew = true;
        _anew.Enqueue(anew);
    }

    ISubject IRestartable.Fresh() => _anew.Dequeue();

    internal override Reply Answer(string operation, string id, byte[] request, int longest)
    {
        if (!_answers.TryGetValue(id, out var answer))
            throw new ProtocolException("this case is not in the transcript: record it again") { Fault = Fault.NotRecorded };
        if (answer.Request != Encoding.UTF8.GetString(request))
            throw new ProtocolException(
                "the transcript has other numbers for this case, which has changed since: record it again")
            { Fault = Fault.NotRecorded };
        return answer.Fault is { } fault
            ? throw new ProtocolException(answer.Said) { Fault = fault }
            : Reply.Read(Encoding.UTF8.GetBytes(answer.Said), id);
    }

    /// <param name="said">The reply; with a fault, the message about it.</param>
    internal void Add(JsonElement request, string said, Fault? fault = null) =>
        _answers[request.GetProperty("id").GetString()!] = (request.GetRawText(), said, fault);
}
