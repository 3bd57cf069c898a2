using Conformance.Suite.Fixtures;

namespace Conformance.Tests;

/// <summary>Where the tests find the repository's own files. What many tests read is read once.</summary>
internal static class Repository
{
    public static FixtureFolder Fixtures { get; } = FixtureFolder.Find(TestContext.CurrentContext.TestDirectory)
        ?? throw new DirectoryNotFoundException($"no folder 'fixtures' in or above {TestContext.CurrentContext.TestDirectory}");

    private static readonly Lazy<IReadOnlyList<CaseEntry>> AllCases = new(() => Fixtures.Cases());

    private static readonly Lazy<ILookup<string, StoredVector>> AllVectors =
        new(() => Cases.ToLookup(OperationOf, entry => Fixtures.Vector(entry.Id)));

    public static string Root { get; } = Path.GetDirectoryName(Fixtures.Root)!;

    /// <summary>The entries of every case file, operation by operation.</summary>
    public static IReadOnlyList<CaseEntry> Cases => AllCases.Value;

    /// <summary>The operations that have cases.</summary>
    public static IEnumerable<string> Operations => Cases.Select(OperationOf).Distinct();

    /// <summary>The stored vectors by operation, each operation's in the order of its case file.</summary>
    public static ILookup<string, StoredVector> Vectors => AllVectors.Value;

    /// <summary>The entries of one operation's case file.</summary>
    public static IEnumerable<CaseEntry> CasesOf(string operation) => Cases.Where(entry => OperationOf(entry) == operation);

    private static string OperationOf(CaseEntry entry) => entry.Id.Split('/')[0];
}
