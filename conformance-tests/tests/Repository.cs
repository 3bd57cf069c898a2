using Conformance.Suite.Fixtures;

namespace Conformance.Tests;

/// <summary>Where the tests find the repository's own files.</summary>
internal static class Repository
{
    public static FixtureFolder Fixtures { get; } = FixtureFolder.Find(TestContext.CurrentContext.TestDirectory)
        ?? throw new DirectoryNotFoundException($"no folder 'fixtures' in or above {TestContext.CurrentContext.TestDirectory}");

    public static string Root { get; } = Path.GetDirectoryName(Fixtures.Root)!;
}
