namespace Conformance.Suite.Fixtures;

/// <summary>
/// <c>fixtures/quick.json</c>: a few cases in which every known mistake is still detected twice, for a check between two edits. It is a greedy cover
/// of the kill matrix: the next case is the one that detects most of the remaining mistakes, the smaller of two.
/// </summary>
/// <param name="Cases">The ids, in the order of the case files.</param>
public sealed record QuickSet(IReadOnlyList<string> Cases)
{
    public const string FileName = "quick.json";

    private const int Version = 1;

    /// <exception cref="FixtureException">The file is invalid. The message names the place.</exception>
    public static QuickSet Read(FixtureFolder folder) => folder.Read(Path.Combine(folder.Root, FileName), root =>
    {
        root.MayHave("conformance", "cases");
        return root["conformance"].Int is var version && version != Version
            ? throw root["conformance"].Error($"version {version}, this suite reads {Version}")
            : new QuickSet([.. root["cases"].Items.Select(item => item.Text)]);
    });

    /// <summary>The text of the file.</summary>
    public string Text() =>
        $"{{\n  \"conformance\": {Version},\n  \"cases\": [\n{string.Join(",\n", Cases.Select(id => $"    \"{id}\""))}\n  ]\n}}\n";
}
