namespace Conformance.Cli.Check;

/// <summary>The folders on this machine in which this program's answers lie, for a sandbox to hide.</summary>
internal static class AnswersOnDisk
{
    private static readonly string[] OfClone = ["fixtures", ".git", "artifacts"];

    /// <summary>In a clone its fixtures, its history and its build. Of an installed tool its folder, and the packages in NuGet's cache.</summary>
    public static IReadOnlyList<string> Folders()
    {
        var program = new DirectoryInfo(AppContext.BaseDirectory);
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } cache ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string[] known = [program.FullName, Path.Combine(packages, "conformance.suite"), Path.Combine(packages, "conformance.cli")];
        for (var folder = program; folder is not null; folder = folder.Parent)
        {
            if (folder.Parent is { Name: ".store" })
                return [.. known, folder.FullName];
            if (File.Exists(Path.Combine(folder.FullName, "Conformance.sln")))
                return [.. known, .. OfClone.Select(name => Path.Combine(folder.FullName, name))];
        }
        return known;
    }
}
