using System.Security.Cryptography;
using System.Text;

namespace Conformance.Suite.Fixtures;

/// <summary>The cases and their vectors: the folder <c>fixtures</c> of a clone, a similar folder, or the resources of this library.</summary>
public sealed class FixtureFolder
{
    private readonly FixtureFiles _files;

    public FixtureFolder(string root)
        : this(new FilesOnDisk(root))
    {
    }

    private FixtureFolder(FixtureFiles files) => _files = files;

    /// <summary>The resources of this library: every case and vector, from its build. Their paths are not files on disk.</summary>
    public static FixtureFolder Packed { get; } = new(new PackedFiles());

    public string Root => _files.Root;

    /// <summary>Every case file, sorted by name.</summary>
    public IEnumerable<string> CasePaths() =>
        _files.Paths.Where(path => _files.NameOf(path) is var name && !name.Contains('/') && name.EndsWith(".cases.json", StringComparison.Ordinal));

    /// <summary>The path of every stored vector, sorted by id.</summary>
    public IEnumerable<string> VectorPaths() =>
        _files.Paths.Where(path => _files.NameOf(path) is var name && name.Contains('/') && !name.StartsWith("schema/", StringComparison.Ordinal));

    /// <summary>Every case file.</summary>
    /// <param name="problems">If given, problems are added to it, and the rest is read.</param>
    /// <exception cref="FixtureException">A file is invalid, and <paramref name="problems"/> is not given.</exception>
    public IReadOnlyList<CaseFile> CaseFiles(ICollection<FixtureException>? problems = null)
    {
        var files = new List<CaseFile>();
        foreach (var path in CasePaths())
        {
            try
            {
                files.Add(Read(path, root => CaseFile.Read(root, problems)));
            }
            catch (FixtureException problem) when (problems is not null)
            {
                problems.Add(problem);
            }
        }
        return files;
    }

    /// <summary>The entries of every case file, by operation.</summary>
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

    /// <summary>The id for the path of a stored vector.</summary>
    public string IdOf(string path) => _files.NameOf(path)[..^".json".Length];

    /// <summary>Whether a case has a stored vector.</summary>
    /// <exception cref="ArgumentException">The id leads out of the folder.</exception>
    public bool Has(string id) => _files.Exists(PathOf(id));

    /// <summary>The size of a case's stored vector, in bytes.</summary>
    public long SizeOf(string id)
    {
        using var stream = _files.Open(PathOf(id));
        return stream.Length;
    }

    /// <summary>The stored vector of a case.</summary>
    /// <exception cref="FixtureException">The vector does not exist or can't be read. The message names file and field.</exception>
    /// <exception cref="ArgumentException">The id leads out of the folder.</exception>
    public StoredVector Vector(string id) => Read(PathOf(id), VectorFile.Read);

    /// <summary>Every stored vector, sorted by id.</summary>
    public IEnumerable<StoredVector> Vectors() => VectorPaths().Select(path => Read(path, VectorFile.Read));

    /// <summary>Whether the folder has the file of a path.</summary>
    internal bool HasFile(string path) => _files.Exists(path);

    /// <summary>The bytes of one file of the folder.</summary>
    internal byte[] Bytes(string path) => _files.Bytes(path);

    /// <summary>Reads one file of the folder.</summary>
    internal T Read<T>(string path, Func<JsonField, T> read) => JsonFile.Read(path, read, _files.Open);

    /// <summary>SHA-256 over every file's name and text, sorted by name. Two runs with the same hash asked the same questions.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in _files.Paths)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(_files.NameOf(path) + "\n"));
            hash.AppendData(_files.Bytes(path));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The folder in or above <paramref name="start"/>; null if there is none. Only for commands that maintain a clone's own files: answers come from
    /// <see cref="Packed"/>, because whoever writes to a directory above an engine would supply them otherwise.
    /// </summary>
    public static FixtureFolder? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "fixtures", "conv2d.cases.json")))
                return new(Path.Combine(folder.FullName, "fixtures"));
        return null;
    }
}
