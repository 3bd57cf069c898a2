using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>An engine answered <c>error</c>: it threw, said so, and lives.</summary>
/// <param name="words">What it said.</param>
public sealed class EngineErrorException(string words) : InvalidOperationException(Told(words).ToString())
{
    /// <summary>The same as a record.</summary>
    public Complaint Complaint { get; } = Told(words);

    private static Complaint Told(string words) => new("the engine reports an error", words);
}
