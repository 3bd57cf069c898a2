using System.Security.Cryptography;
using System.Text;

namespace Conformance.Suite.Fixtures;

/// <summary>The folder <c>fixtures</c>.</summary>
public sealed class FixtureFolder(string root)
{
    public string Root { get; } = root;

    /// <summary>Every case file, sorted by name.</summary>
    public IEnumerable<string> CasePaths() => Directory.EnumerateFiles(Root, "*.cases.json").Order(StringComparer.Ordinal);

    /// <summary>The path of every stored vector, sorted by id.</summary>
    public IEnumerable<string> VectorPaths() =>
        Directory.EnumerateDirectories(Root).Where(folder => Path.GetFileName(folder) != "schema").Order(StringComparer.Ordinal)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal));

    /// <summary>Every case file.</summary>
    /// <param name="problems">Where given, what is wrong goes there, and the rest is read all the same.</param>
    /// <exception cref="FixtureException">What is wrong, where <paramref name="problems"/> is not given.</exception>
    public IReadOnlyList<CaseFile> CaseFiles(ICollection<FixtureException>? problems = null)
    {
        var files = new List<CaseFile>();
        foreach (var path in CasePaths())
        {
            try
            {
                files.Add(CaseFile.Read(path, problems));
            }
            catch (FixtureException problem) when (problems is not null)
            {
                problems.Add(problem);
            }
        }
        return files;
    }

    /// <summary>The entries of every case file, operation by operation.</summary>
    public IReadOnlyList<CaseEntry> Cases(ICollection<FixtureException>? problems = null) => [.. CaseFiles(problems).SelectMany(file => file.Cases)];

    /// <summary>The file that holds a case's answer.</summary>
    /// <exception cref="ArgumentException">The id leads out of the folder.</exception>
    public string PathOf(string id)
    {
        var path = Path.Combine(Root, id.Replace('/', Path.DirectorySeparatorChar) + ".json");
        return Path.GetFullPath(path).StartsWith(Path.GetFullPath(Root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"case id '{id}' leads out of {Root}");
    }

    /// <summary>The id that a stored vector's path stands for.</summary>
    public string IdOf(string path) => Path.GetRelativePath(Root, path)[..^".json".Length].Replace('\\', '/');

    /// <summary>Every stored vector, sorted by id.</summary>
    public IEnumerable<StoredVector> Vectors() => VectorPaths().Select(VectorFile.Read);

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
