namespace Conformance.Suite.Protocol;

/// <summary>
/// Confines an engine by bubblewrap: it has no network, reads the system but writes nowhere except to a temporary folder of its own, does not see the
/// folders that hold the answers, and none of its processes outlives it.
/// </summary>
/// <param name="Hidden">The folders that it sees empty; those that do not exist are ignored.</param>
public sealed record Sandbox(IReadOnlyList<string> Hidden)
{
    private const string Program = "bwrap", Temporary = "/tmp";

    /// <summary>Whether bubblewrap is on PATH.</summary>
    public static bool IsInstalled => OperatingSystem.IsLinux() && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(directory => File.Exists(Path.Combine(directory, Program)));

    /// <summary>The command line that runs another one confined, in the current directory.</summary>
    internal IReadOnlyList<string> Wrap(IReadOnlyList<string> words)
    {
        var here = Directory.GetCurrentDirectory();
        // The private folder covers what lies in the system's: the caller's folder and the files that the command names are shown again.
        var shown = words.Where(Path.IsPathFullyQualified).Where(File.Exists).Prepend(here)
            .Where(path => path.StartsWith(Temporary + "/", StringComparison.Ordinal)).Distinct();
        return
        [
            Program, "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", Temporary,
            "--tmpfs", "/run", "--ro-bind-try", "/run/current-system", "/run/current-system", // sockets of services, which would be a way out
            .. shown.SelectMany(path => new[] { "--ro-bind", path, path }),
            .. Hidden.Where(Directory.Exists).Select(Path.GetFullPath).SelectMany(folder => new[] { "--tmpfs", folder, "--remount-ro", folder }),
            "--setenv", "TMPDIR", Temporary, "--chdir", here, "--", .. words,
        ];
    }
}
