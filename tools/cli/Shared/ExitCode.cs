namespace Conformance.Cli.Shared;

/// <summary>What the process returns; scripts rely on these.</summary>
internal static class ExitCode
{
    public const int Good = 0;

    /// <summary>A check or a gate failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong use or bad input.</summary>
    public const int WrongUse = 2;

    /// <summary>Something needed is missing on this machine.</summary>
    public const int Missing = 3;

    /// <summary>Ended by Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
