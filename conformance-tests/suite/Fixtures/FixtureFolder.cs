using System.Security.Cryptography;
using System.Text;

namespace Conformance.Suite.Fixtures;

/// <summary>The folder <c>fixtures</c>.</summary>
public sealed class FixtureFolder(string root)
{
    public string Root { get; } = root;

    /// <summary>Every case file, sorted by name.</summary>
    public IEnumerable<CaseFile> CaseFiles() => Directory.EnumerateFiles(Root, "*.cases.json").Order(StringComparer.Ordinal).Select(CaseFile.Read);

    /// <summary>The entries of every case file, operation by operation.</summary>
    public IReadOnlyList<CaseEntry> Cases() => [.. CaseFiles().SelectMany(file => file.Cases)];

    /// <summary>The file that holds a case's answer.</summary>
    public string PathOf(string id) => Path.Combine(Root, id.Replace('/', Path.DirectorySeparatorChar) + ".json");

    /// <summary>Every stored vector, sorted by id.</summary>
    public IEnumerable<StoredVector> Vectors() =>
        Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            .Select(VectorFile.Read);

    /// <summary>SHA-256 over every file's name and text, sorted by name: two runs with the same hash asked the same questions.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Directory.EnumerateFiles(Root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(Root, path).Replace('\\', '/') + "\n"));
            hash.AppendData(File.ReadAllBytes(path));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The folder in or above <paramref name="start"/>; null where there is none.</summary>
    public static FixtureFolder? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "fixtures", "conv2d.cases.json")))
                return new(Path.Combine(folder.FullName, "fixtures"));
        return null;
    }
}
