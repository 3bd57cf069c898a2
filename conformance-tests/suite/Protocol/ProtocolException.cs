using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>An engine died, took too long or spoke nonsense. The message is the verdict on that case.</summary>
public sealed class ProtocolException : Exception
{
    public ProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>Which of these it was.</summary>
    public Fault Fault { get; init; } = Fault.Nonsense;

    /// <summary>Whether what came was this question's answer all the same, only not a right one: the engine can then be asked on.</summary>
    internal bool InStep { get; set; }
}
