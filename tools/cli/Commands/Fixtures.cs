using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Commands;

/// <summary>Where a command finds the stored vectors.</summary>
internal static class Fixtures
{
    /// <summary>The folder <c>fixtures</c> in or above the current directory, or the program's own.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public static FixtureFolder Folder() => FixtureFolder.Find(Directory.GetCurrentDirectory()) ?? FixtureFolder.Find(AppContext.BaseDirectory)
        ?? throw new UserError($"no folder 'fixtures' with conv2d.cases.json in or above {Directory.GetCurrentDirectory()}: run this inside a clone of the repository");
}
