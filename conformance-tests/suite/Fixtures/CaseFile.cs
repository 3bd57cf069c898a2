using System.Text.Json;
using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>One line of a case file: the id, which spells the geometry, why it is there, the aspects it covers, and the defects it must catch.</summary>
/// <param name="Aspects">Names of aspects that its file opens with.</param>
/// <param name="Catches">Whole ids of defects: <c>conv2d.kernel-rotated</c>.</param>
public sealed record CaseEntry(string Id, string Why, IReadOnlyList<string> Aspects, IReadOnlyList<string> Catches)
{
    /// <summary>What its fills are drawn with; 1 for the stored vectors.</summary>
    public ulong Seed { get; init; } = 1;

    public LayerCase Draw(ulong? seed = null) => AllOperations.Draw(Id, seed ?? Seed, Catches);
}

/// <summary>
/// <c>fixtures/&lt;op&gt;.cases.json</c>, written by people: the aspects it covers, then the cases. The geometry stands in the id alone, so
/// that nothing can contradict it.
/// </summary>
/// <param name="Aspects">What the cases are there for, by name; each in one sentence.</param>
public sealed record CaseFile(string Path, string Op, IReadOnlyDictionary<string, string> Aspects, IReadOnlyList<CaseEntry> Cases)
{
    public const int Version = 1;

    /// <exception cref="FixtureException">What is wrong, with file and field.</exception>
    public static CaseFile Read(string path) => JsonFile.Read(path, root => Read(path, root));

    private static CaseFile Read(string path, JsonElement root)
    {
        var version = JsonFile.Member(path, root, "conformance", JsonValueKind.Number).GetInt32();
        if (version != Version)
            throw new FixtureException(path, "conformance", $"version {version}, this suite reads {Version}");
        var op = JsonFile.Member(path, root, "op", JsonValueKind.String).GetString()!;
        var known = AllOperations.Named(op).Defects.Select(defect => defect.Id).ToHashSet();
        var seed = root.TryGetProperty("seed", out var number) ? number.GetUInt64() : 1;
        var aspects = JsonFile.Member(path, root, "aspects", JsonValueKind.Object).EnumerateObject()
            .ToDictionary(aspect => aspect.Name, aspect => aspect.Value.GetString()!);
        var entries = new List<CaseEntry>();
        foreach (var item in JsonFile.Member(path, root, "cases", JsonValueKind.Array).EnumerateArray())
        {
            var id = $"{op}/{JsonFile.Member(path, item, "case", JsonValueKind.String).GetString()}";
            var covers = Names(item, "aspects").ToArray();
            var catches = Names(item, "catches").Select(name => $"{op}.{name}").ToArray();
            if (covers.FirstOrDefault(name => !aspects.ContainsKey(name)) is { } unnamed)
                throw new FixtureException(path, id, $"covers '{unnamed}', which is none of the file's aspects: there are {string.Join(", ", aspects.Keys)}");
            if (catches.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
                throw new FixtureException(path, id, $"catches '{unknown}', which is no known defect of {op}: there are {string.Join(", ", known)}");
            if (entries.Any(entry => entry.Id == id))
                throw new FixtureException(path, id, "stands there twice");
            entries.Add(new(id, JsonFile.Member(path, item, "why", JsonValueKind.String).GetString()!, covers, catches) { Seed = seed });
        }
        return new(path, op, aspects, entries);

        IEnumerable<string> Names(JsonElement item, string field) =>
            JsonFile.Member(path, item, field, JsonValueKind.Array).EnumerateArray().Select(name => name.GetString()!);
    }
}
