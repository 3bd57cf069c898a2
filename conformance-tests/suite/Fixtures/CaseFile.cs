using System.Text.RegularExpressions;
using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// One line of a case file: the id, which spells the geometry, why it is there, the aspects it covers, and the defects it must catch.
/// </summary>
/// <param name="Aspects">Names of aspects that its file opens with.</param>
/// <param name="Catches">Whole ids of defects: <c>conv2d.kernel-rotated</c>.</param>
public sealed record CaseEntry(string Id, string Why, IReadOnlyList<string> Aspects, IReadOnlyList<string> Catches)
{
    /// <summary>What its fills are drawn with; 1 for the stored vectors.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The case file that it stands in; null where it was asked for by its id alone.</summary>
    public string? File { get; init; }

    public LayerCase Draw(ulong? seed = null) => AllOperations.Draw(Id, seed ?? Seed, Catches);
}

/// <summary>
/// <c>fixtures/&lt;op&gt;.cases.json</c>, written by people: the aspects it covers, then the cases. The geometry stands in the id alone, so
/// that nothing can contradict it.
/// </summary>
/// <param name="Aspects">What the cases are there for, by name; each in one sentence.</param>
public sealed partial record CaseFile(string Path, string Op, IReadOnlyDictionary<string, string> Aspects, IReadOnlyList<CaseEntry> Cases)
{
    public const int Version = 1;

    /// <param name="problems">Where given, what is wrong with a case goes there, the case is left out, and the file's other cases are read.</param>
    /// <exception cref="FixtureException">What is wrong, with file, case and field.</exception>
    public static CaseFile Read(string path, ICollection<FixtureException>? problems = null) => JsonFile.Read(path, root => Read(root, problems));

    internal static CaseFile Read(JsonField root, ICollection<FixtureException>? problems)
    {
        root.MayHave("conformance", "op", "seed", "aspects", "cases");
        if (root["conformance"].Int is var version && version != Version)
            throw root["conformance"].Error($"version {version}, this suite reads {Version}");
        var op = root["op"].Text;
        if (!AllOperations.Names.Contains(op))
            throw root["op"].Error($"unknown operation '{op}': there are {string.Join(", ", AllOperations.Names)}");
        var known = AllOperations.Named(op).Defects.Select(defect => defect.Id).ToHashSet();
        var seed = root.Optional("seed")?.Seed ?? 1;
        var aspects = root["aspects"].Members.ToDictionary(aspect => aspect.Key, aspect => aspect.Value.Text);

        var entries = new Dictionary<string, CaseEntry>();
        foreach (var item in root["cases"].Items)
        {
            try
            {
                var entry = Entry(item);
                if (!entries.TryAdd(entry.Id, entry))
                    throw new FixtureException(root.File, entry.Id, "stands there twice");
            }
            catch (FixtureException problem) when (problems is not null)
            {
                problems.Add(problem);
            }
        }
        return new(root.File, op, aspects, [.. entries.Values]);

        CaseEntry Entry(JsonField item)
        {
            var (name, id) = (item["case"].Text, $"{op}/{item["case"].Text}");
            if (!SafeName().IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
                throw item["case"].Error($"'{name}' is no name of a case: expected letters, digits, '-' and '.', such as n2c3h7w5-k3x2");
            item = item with { Place = id };
            item.MayHave("case", "why", "aspects", "catches");
            var (covers, catches) = (Names("aspects", ""), Names("catches", op + "."));
            if (covers.FirstOrDefault(aspect => !aspects.ContainsKey(aspect)) is { } unnamed)
                throw new FixtureException(
                    root.File, id, $"covers '{unnamed}', which is none of the file's aspects: there are {string.Join(", ", aspects.Keys)}");
            if (catches.FirstOrDefault(defect => !known.Contains(defect)) is { } unknown)
                throw new FixtureException(
                    root.File, id, $"catches '{unknown}', which is no known defect of {op}: there are {string.Join(", ", known)}");
            return new(id, item["why"].Text, covers, catches) { Seed = seed, File = root.File };

            string[] Names(string field, string prefix) => [.. item[field].Items.Select(defect => prefix + defect.Text)];
        }
    }

    /// <summary>An id becomes a path: nothing in it may lead out of the folder.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]*\z")]
    private static partial Regex SafeName();
}
