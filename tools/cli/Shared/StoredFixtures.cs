using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Shared;

/// <summary>Where a command finds the stored vectors.</summary>
internal static class StoredFixtures
{
    /// <summary>
    /// The folder <c>fixtures</c> in or above the current directory, or the program's own; where there is none, what the program carries.
    /// </summary>
    public static FixtureFolder Folder() => Find() ?? FixtureFolder.Packed;

    /// <summary>The same for a command that needs the files themselves.</summary>
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
