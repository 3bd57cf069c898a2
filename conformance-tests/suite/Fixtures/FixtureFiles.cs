using System.Reflection;

namespace Conformance.Suite.Fixtures;

/// <summary>The JSON files below a root, by their paths: files of a folder, or resources of this library.</summary>
internal abstract class FixtureFiles
{
    public abstract string Root { get; }

    /// <summary>Every path, sorted by the name that <see cref="NameOf"/> gives.</summary>
    public abstract IEnumerable<string> Paths { get; }

    public abstract bool Exists(string path);

    /// <exception cref="IOException">The file does not exist or can't be read.</exception>
    public abstract Stream Open(string path);

    /// <summary>A path below the root, with '/' on every system: <c>conv2d/n1c1h5w7-o1-k3.json</c>.</summary>
    public string NameOf(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    public byte[] Bytes(string path)
    {
        using var stream = Open(path);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>Files on disk.</summary>
internal sealed class FilesOnDisk(string root) : FixtureFiles
{
    public override string Root => root;

    public override IEnumerable<string> Paths =>
        Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories).OrderBy(NameOf, StringComparer.Ordinal);

    public override bool Exists(string path) => File.Exists(path);

    public override Stream Open(string path) => File.OpenRead(path);
}

/// <summary>The same files as resources of this library, from its build.</summary>
internal sealed class PackedFiles : FixtureFiles
{
    private const string Prefix = "fixtures/";

    private static readonly Assembly Library = typeof(PackedFiles).Assembly;

    private readonly string[] _paths =
        [.. Library.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(FromResource)];

    public override string Root => Prefix[..^1];

    public override IEnumerable<string> Paths => _paths;

    public override bool Exists(string path) => Library.GetManifestResourceInfo(ToResource(path)) is not null;

    public override Stream Open(string path) =>
        Library.GetManifestResourceStream(ToResource(path)) ?? throw new FileNotFoundException($"there is no {path} in {Library.GetName().Name}");

    private static string FromResource(string name) => name.Replace('/', Path.DirectorySeparatorChar);

    private static string ToResource(string path) => path.Replace('\\', '/');
}
