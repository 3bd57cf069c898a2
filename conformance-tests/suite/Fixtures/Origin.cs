namespace Conformance.Suite.Fixtures;

/// <summary>Says whose the answers are that a run was judged by, where they are not the suite's own.</summary>
internal static class Origin
{
    /// <summary>One line for the top of every report; null if the folder has the suite's own vectors.</summary>
    public static string? Describe(FixtureFolder folder)
    {
        if (ReferenceEquals(folder, FixtureFolder.Packed) || folder.Hash() == FixtureFolder.Packed.Hash())
            return null;
        var (its, own) = (Manifest.Hashes(folder), Manifest.Hashes(FixtureFolder.Packed));
        var changed = its.Count(pair => own.TryGetValue(pair.Key, out var hash) && hash != pair.Value);
        var added = its.Keys.Count(name => !own.ContainsKey(name));
        var unlisted = Manifest.Problems(folder).Count();
        return $"the answers are those of {folder.Root}, not the suite's own: {changed} vectors changed, {added} added, "
            + $"{own.Keys.Count(name => !its.ContainsKey(name))} missing; "
            + (unlisted == 0 ? "its manifest fits" : $"its manifest does not fit in {unlisted} places");
    }

    /// <summary>The same for a case file of one's own: how many of its cases are answered by vectors beside it; null if none is.</summary>
    /// <param name="file">The path of the case file.</param>
    public static string? Describe(string file, IReadOnlyList<CaseEntry> entries)
    {
        var folder = new FixtureFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return entries.Count(entry => folder.Has(entry.Id)) is > 0 and var answered
            ? $"{answered} of {entries.Count} answers are those beside {file}, not the suite's own"
            : null;
    }
}
