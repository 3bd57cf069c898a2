using System.Security.Cryptography;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Packages;

/// <summary>The packages in a folder of a test's own, and programs that know nothing but them.</summary>
internal sealed class PackedPackages : IDisposable
{
    private static readonly string[] Projects =
        ["reference/oracle", "reference/torch", "conformance-tests/suite", "conformance-tests/nunit", "tools/cli"];

    /// <summary>What is packed is what is tested: nothing is built, so that nothing of the build changes.</summary>
#if DEBUG
    private const string Configuration = "debug";
#else
    private const string Configuration = "release";
#endif

    private readonly string _root = Directory.CreateTempSubdirectory("conformance-packages-").FullName;

    public PackedPackages()
    {
        Directory.CreateDirectory(Folder);
        Pack(Folder);
    }

    /// <summary>Packs every project into a folder.</summary>
    public void Pack(string folder)
    {
        foreach (var project in Projects)
            if (Run(Repository.Root, "dotnet", "pack", project, "--configuration", Configuration, "--no-build", "-o", folder) is (not 0, var said))
                throw new InvalidOperationException(said);
    }

    /// <summary>The programs of the build that was packed, with the hash of each file.</summary>
    public static Dictionary<string, string> Built() => new[] { "Conformance.Cli", "Conformance.Cli.Torch" }
        .SelectMany(program => Directory.EnumerateFiles(
            Path.Combine(Repository.Root, "artifacts", "bin", program, Configuration), "*", SearchOption.AllDirectories))
        .ToDictionary(path => path, path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));

    /// <summary>Where the packages are.</summary>
    public string Folder => Path.Combine(_root, "feed");

    /// <summary>A sample in a folder of its own, with our packages in its nuget.config and nothing else of ours.</summary>
    public string Copy(string sample)
    {
        var to = Path.Combine(_root, sample);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "conformance-tests", "examples", sample)))
        {
            Directory.CreateDirectory(to);
            var text = File.ReadAllText(path);
            File.WriteAllText(
                Path.Combine(to, Path.GetFileName(path)),
                Path.GetFileName(path) == "nuget.config" ? text.Replace("../../../artifacts/packages", Folder, StringComparison.Ordinal) : text);
        }
        return to;
    }

    /// <summary>Runs a program with packages of its own, so that none of an earlier run is taken for ours.</summary>
    public (int Exit, string Said) Run(string directory, string program, params string[] arguments)
    {
        // Other people's packages need not be fetched again.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        (string, string?)[] restored = directory == Repository.Root ? []
            : [("NUGET_PACKAGES", Path.Combine(_root, "restored")), ("NUGET_FALLBACK_PACKAGES", cache)];
        var (exit, output, error) = Programs.RunIn(
            directory, program, arguments, "",
            [
                .. restored,
                ("TMPDIR", Scratch("temporary")), // `dotnet pack` leaves folders there
                ("MSBuildSDKsPath", null), ("MSBuildExtensionsPath", null), ("MSBUILD_EXE_PATH", null), // those of the test run's own build
            ]);
        return (exit, output + error);
    }

    public string Scratch(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
