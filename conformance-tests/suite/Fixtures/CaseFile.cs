using System.Text.RegularExpressions;
using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// One entry of a case file: the id, which contains the geometry, the reason for the case, the aspects that it covers, and the defects it must catch.
/// </summary>
/// <param name="Aspects">Names of aspects that the file declares at its beginning.</param>
/// <param name="Catches">Full ids of defects: <c>conv2d.kernel-rotated</c>.</param>
public sealed record CaseEntry(string Id, string Why, IReadOnlyList<string> Aspects, IReadOnlyList<string> Catches)
{
    /// <summary>The seed of its fills; 1 for the stored vectors.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The case file that contains it; null if it was asked for by its id.</summary>
    public string? File { get; init; }

    public LayerCase Draw(ulong? seed = null) => AllOperations.Draw(Id, seed ?? Seed, Catches);
}

/// <summary>
/// A hand-written file <c>fixtures/&lt;op&gt;.cases.json</c>: the aspects that it covers, then the cases. The geometry is in the id only, so that
/// nothing can contradict it.
/// </summary>
/// <param name="Aspects">The purposes of the cases, by name; one sentence each.</param>
public sealed partial record CaseFile(string Path, string Op, IReadOnlyDictionary<string, string> Aspects, IReadOnlyList<CaseEntry> Cases)
{
    public const int Version = 1;

    /// <param name="problems">If given, a problem with a case is added to it, the case is left out, and the other cases are read.</param>
    /// <exception cref="FixtureException">The file is invalid. The message names file, case and field.</exception>
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

    /// <summary>An id becomes a path, so nothing in it may lead out of the folder.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]*\z")]
    private static partial Regex SafeName();
}
