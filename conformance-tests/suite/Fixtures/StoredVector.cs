using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>Where a stored answer came from.</summary>
/// <param name="Reference">What computed it: <c>libtorch 1.13.1</c>.</param>
/// <param name="ReferenceFloat32Error">The largest |float32 − float64| of the reference itself, in units of the tolerance; 0 in the exact tier.</param>
public sealed record Provenance(string Reference, string Generator, double ReferenceFloat32Error);

/// <summary>One file of <c>fixtures/&lt;op&gt;/</c>: a case with its answer, generated from torch, never edited by hand.</summary>
/// <param name="Separation">
/// For each defect the case claims to catch, how far its answer is from the right one at the worst element: in the exact tier the difference
/// itself, in the bounded tier in units of the tolerance.
/// </param>
public sealed record StoredVector(
    LayerCase Case, LayerResult Expected, ErrorBound Bound, IReadOnlyDictionary<string, double> Separation, Provenance Provenance)
{
    public Question Question => new(Case, Expected, Bound, "the stored vector");
}

/// <summary>The folder <c>fixtures</c>.</summary>
public sealed class FixtureFolder(string root)
{
    public string Root { get; } = root;

    /// <summary>The entries of every case file, operation by operation.</summary>
    public IReadOnlyList<CaseEntry> Cases() =>
        [.. Directory.EnumerateFiles(Root, "*.cases.json").Order(StringComparer.Ordinal).SelectMany(CaseFile.Read)];

    /// <summary>The file that holds a case's answer.</summary>
    public string PathOf(string id) => Path.Combine(Root, id.Replace('/', Path.DirectorySeparatorChar) + ".json");

    /// <summary>Every stored vector, sorted by id.</summary>
    public IEnumerable<StoredVector> Vectors() =>
        Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            .Select(VectorFile.Read);

    /// <summary>The folder in or above <paramref name="start"/>; null where there is none.</summary>
    public static FixtureFolder? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "fixtures", "conv2d.cases.json")))
                return new(Path.Combine(folder.FullName, "fixtures"));
        return null;
    }
}
