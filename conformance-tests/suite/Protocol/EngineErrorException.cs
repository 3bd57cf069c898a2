using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>An engine answered <c>error</c>: it threw, reported it, and still runs.</summary>
/// <param name="words">The engine's text.</param>
public sealed class EngineErrorException(string words) : InvalidOperationException(Told(words).ToString())
{
    /// <summary>The exception as a record.</summary>
    public Complaint Complaint { get; } = Told(words);

    private static Complaint Told(string words) => new("the engine reports an error", words);
}
