namespace Conformance.Suite.Protocol;

/// <summary>How an engine is started and asked.</summary>
/// <param name="Words">The program and its arguments; no shell sees them.</param>
public sealed record EngineCommand(IReadOnlyList<string> Words)
{
    /// <summary>What it is called in reports; null for the name of its greeting.</summary>
    public string? Name { get; init; }

    /// <summary>What one answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The options that say the same on a command line.</summary>
    public string Options => $"--command {ShellWords.Quoted(ShellWords.Joined(Words))}";

    /// <summary>How many processes of it run at most, each asked one question at a time.</summary>
    public int Jobs { get; init; } = 1;
}
