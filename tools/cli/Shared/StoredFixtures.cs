using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Shared;

/// <summary>Where a command finds the stored vectors.</summary>
internal static class StoredFixtures
{
    private static readonly Lazy<string?> Damage = new(() => Manifest.Problems(FixtureFolder.Packed).FirstOrDefault());

    /// <summary>
    /// The program's own. What lies in or above the current directory is never asked: there an engine's author could put answers.
    /// </summary>
    /// <exception cref="UserError">They are not as their manifest says.</exception>
    public static FixtureFolder Own() => Damage.Value is { } problem
        ? throw new UserError($"the program's own fixtures are damaged: {problem}. Build or install it anew.", ExitCode.Missing)
        : FixtureFolder.Packed;

    /// <summary>The folder that an option names; the program's own where it is not given.</summary>
    /// <exception cref="UserError">There is no such folder, or it has no case file.</exception>
    public static FixtureFolder Named(string? directory)
    {
        if (directory is null)
            return Own();
        if (!Directory.Exists(directory))
            throw new UserError($"--fixtures {directory}: there is no such folder");
        var folder = new FixtureFolder(directory);
        return folder.CasePaths().Any()
            ? folder
            : throw new UserError($"--fixtures {directory}: expected a folder with OPERATION.cases.json, and there is none");
    }

    /// <summary>
    /// The folder <c>fixtures</c> of the clone around the current directory, or of the program's own, for a command that maintains the files.
    /// </summary>
    /// <exception cref="UserError">There is no such folder.</exception>
    public static FixtureFolder OnDisk() => Find()
        ?? throw new UserError(
            $"no folder 'fixtures' with conv2d.cases.json in or above {Directory.GetCurrentDirectory()}: run this inside a clone of the repository",
            ExitCode.Missing);

    private static FixtureFolder? Find() => FixtureFolder.Find(Directory.GetCurrentDirectory()) ?? FixtureFolder.Find(AppContext.BaseDirectory);

    /// <summary>Those of one operation, or all.</summary>
    /// <exception cref="UserError">There is no such operation, or none of them is one of it.</exception>
    public static IReadOnlyList<CaseEntry> Entries(IReadOnlyList<CaseEntry> entries, string? op)
    {
        if (op is null)
            return entries;
        if (!AllOperations.Names.Contains(op))
            throw new UserError($"--op: unknown operation '{op}': there are {string.Join(", ", AllOperations.Names)}");
        CaseEntry[] narrowed = [.. entries.Where(entry => entry.Id.StartsWith(op + "/", StringComparison.Ordinal))];
        return narrowed.Length > 0 ? narrowed : throw new UserError($"--op {op}: none of the cases asked for is one of {op}");
    }

    /// <summary>Stored vectors without a case, as paths in the folder.</summary>
    public static IEnumerable<string> Orphans(FixtureFolder folder)
    {
        var ids = folder.Cases().Select(entry => entry.Id).ToHashSet();
        return folder.VectorPaths()
            .Where(path => !ids.Contains(folder.IdOf(path)))
            .Select(path => Path.GetRelativePath(folder.Root, path).Replace('\\', '/'));
    }
}
