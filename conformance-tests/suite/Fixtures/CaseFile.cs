using System.Text.Json;
using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>One line of a case file: the id, which spells the geometry, why it is there, and the defects it must catch.</summary>
public sealed record CaseEntry(string Id, string Why, IReadOnlyList<string> Catches);

/// <summary>
/// <c>fixtures/&lt;op&gt;.cases.json</c>, written by people: the aspects it covers, then the cases. The geometry stands in the id alone, so
/// that nothing can contradict it.
/// </summary>
public static class CaseFile
{
    public const int Version = 1;

    /// <exception cref="FixtureException">What is wrong, with file and field.</exception>
    public static IReadOnlyList<CaseEntry> Read(string path) => JsonFile.Read(path, root => Read(path, root));

    private static List<CaseEntry> Read(string path, JsonElement root)
    {
        var version = JsonFile.Member(path, root, "conformance", JsonValueKind.Number).GetInt32();
        if (version != Version)
            throw new FixtureException(path, "conformance", $"version {version}, this suite reads {Version}");
        var op = JsonFile.Member(path, root, "op", JsonValueKind.String).GetString()!;
        var entries = new List<CaseEntry>();
        foreach (var item in JsonFile.Member(path, root, "cases", JsonValueKind.Array).EnumerateArray())
        {
            var id = $"{op}/{JsonFile.Member(path, item, "case", JsonValueKind.String).GetString()}";
            var catches = JsonFile.Member(path, item, "catches", JsonValueKind.Array).EnumerateArray().Select(name => $"{op}.{name.GetString()}").ToArray();
            var known = AllOperations.Named(op).Defects.Select(defect => defect.Id).ToHashSet();
            if (catches.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
                throw new FixtureException(path, id, $"catches '{unknown}', which is no known defect of {op}: there are {string.Join(", ", known)}");
            if (entries.Any(entry => entry.Id == id))
                throw new FixtureException(path, id, "stands there twice");
            entries.Add(new(id, JsonFile.Member(path, item, "why", JsonValueKind.String).GetString()!, catches));
        }
        return entries;
    }
}
