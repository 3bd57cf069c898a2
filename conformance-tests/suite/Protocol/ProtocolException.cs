using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>An engine died, took too long or sent an invalid line. The message is the verdict on the case.</summary>
public sealed class ProtocolException : Exception
{
    public ProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>The kind of fault.</summary>
    public Fault Fault { get; init; } = Fault.Nonsense;

    /// <summary>Whether the line was an answer to this question, though an invalid one. The engine can then be asked further questions.</summary>
    internal bool InStep { get; set; }
}
