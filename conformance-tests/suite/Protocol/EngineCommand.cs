namespace Conformance.Suite.Protocol;

/// <summary>The command line of an engine, and the limits of its questions.</summary>
/// <param name="Words">The program and its arguments. They are not passed through a shell.</param>
public sealed record EngineCommand(IReadOnlyList<string> Words)
{
    /// <summary>The name for reports; null for the name in the greeting.</summary>
    public string? Name { get; init; }

    /// <summary>The longest time for one answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time for the greeting; at least <see cref="Timeout"/> is given.</summary>
    internal TimeSpan GreetingTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What confines the engine; null for nothing, and it then has all the rights of the user.</summary>
    public Sandbox? Sandbox { get; init; }

    /// <summary>The seed by which the ids of questions are hidden from the engine; null where it is told them.</summary>
    public ulong? Hidden { get; init; }

    /// <summary>The equivalent options of the command line.</summary>
    public string Options => $"--command {ShellWords.Quoted(ShellWords.Joined(Words))}{(Sandbox is null ? "" : " --sandbox")}";

    /// <summary>The largest number of processes of the engine. Each is asked one question at a time.</summary>
    public int Jobs { get; init; } = 1;
}
