using System.Runtime.InteropServices;
using TorchSharp;

namespace Conformance.Torch.Loading;

/// <summary>
/// Loads libtorch and TorchSharp's native library by their full paths in the packages, before TorchSharp's first call. TorchSharp then uses the
/// loaded libraries. Without this it searches by name, finds another libtorch of the system first, and, if its native library does not load, copies
/// half a gigabyte to the program's folder.
/// </summary>
internal static class TorchLibrary
{
    /// <summary>
    /// A symbol version that the native library of 0.107.0 requires and libstdc++ before GCC 13.2 lacks (Debian 12, Ubuntu 22.04), and its only
    /// symbol. No code uses the symbol; the header <c>iostream</c> leaves it there.
    /// </summary>
    private const string Version = "GLIBCXX_3.4.32", Mark = "_ZSt21ios_base_library_initv";

    private static readonly string[] FolderLists = ["Conformance.TorchFolders", "NATIVE_DLL_SEARCH_DIRECTORIES"];

    private const string Bridge = "libLibTorchSharp.so";

    /// <summary>The version of TorchSharp whose files are checked. The files of other versions are not checked.</summary>
    private static readonly Version Known = new(0, 107, 0, 0);

    /// <summary>The files on macOS, each after those that it needs. Their content is not checked.</summary>
    private static readonly string[] Mac = ["libc10.dylib", "libtorch_cpu.dylib", "libLibTorchSharp.dylib"];

    /// <returns>The handle of libtorch_cpu.</returns>
    /// <exception cref="NotSupportedException">
    /// Torch can't be loaded. The message is one line with the reason and what to do.
    /// </exception>
    public static nint Load() => Load(Folders(), Cache.OfUser());

    /// <param name="folders">The folders that may contain native files of packages.</param>
    public static nint Load(IReadOnlyList<string> folders, Cache cache)
    {
        if (Unsupported(RuntimeInformation.RuntimeIdentifier, OperatingSystem.IsWindows(), OperatingSystem.IsLinux(),
            RuntimeInformation.ProcessArchitecture) is { } reason)
            throw new NotSupportedException(reason);
        var paths = OperatingSystem.IsLinux() ? PackageFiles.Linux.Select(file => Whole(file, folders, cache)).ToArray()
            : Array.ConvertAll(Mac, name => Found(name, folders));
        var handles = paths.ToDictionary(path => Path.GetFileNameWithoutExtension(path),
            path => Path.GetFileName(path) == Bridge ? LoadBridge(path, cache) : Opened(path));
        return handles["libtorch_cpu"];
    }

    /// <summary>The reason why no libtorch of the package TorchSharp-cpu 0.107.0 loads on a system; null if one may load.</summary>
    public static string? Unsupported(string system, bool windows, bool linux, Architecture processor) => (windows, linux, processor) switch
    {
        (true, _, _) => "TorchSharp-cpu 0.107.0 does not load on Windows (dotnet/TorchSharp issue 1567)",
        (_, true, Architecture.X64) or (_, false, Architecture.Arm64) => null,
        _ => $"TorchSharp-cpu 0.107.0 has no libtorch for {system}",
    };

    /// <summary>
    /// The packages' folders, which Conformance.Torch.targets writes into the program's runtimeconfig.json; otherwise the folders of a program with
    /// its own copy, such as a published one.
    /// </summary>
    private static IReadOnlyList<string> Folders() =>
    [
        .. from list in FolderLists
           from folder in (AppContext.GetData(list) as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
           select folder,
        Path.Combine(AppContext.BaseDirectory, "runtimes", OperatingSystem.IsLinux() ? "linux-x64" : "osx-arm64", "native"),
        AppContext.BaseDirectory,
    ];

    private static string Whole(PackageFile file, IReadOnlyList<string> folders, Cache cache)
    {
        var path = Found(file.Name, folders);
        try
        {
            if (typeof(torch).Assembly.GetName().Version == Known && PackageFiles.Fault(file, path, cache) is { } fault)
                throw new NotSupportedException($"{fault}. Remove the package's folder and build again");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotSupportedException($"{path} can't be read ({OneLine(error)})", error);
        }
        return path;
    }

    private static string Found(string name, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new NotSupportedException(
            $"{name} of the package TorchSharp-cpu is in none of {string.Join(", ", folders)}"
                + $": remove what is left of the package's folder and build again");

    private static nint LoadBridge(string path, Cache cache)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error) when (error.Message.Contains($"version `{Version}' not found", StringComparison.Ordinal))
        {
            return Opened(Weakened(path, cache));
        }
        catch (DllNotFoundException error)
        {
            throw new NotSupportedException(Cause(path, error), error);
        }
    }

    /// <summary>Makes a copy that loads without the symbol version. The package's file does not change.</summary>
    private static string Weakened(string path, Cache cache)
    {
        try
        {
            var library = File.ReadAllBytes(path);
            return cache.Keep($"{PackageFiles.Hex(library)[..16]}-{Bridge}", WeakVersion.Weaken(library, Version, Mark));
        }
        catch (InvalidDataException error)
        {
            throw new NotSupportedException($"{path} asks for {Version}, which this system's libstdc++ lacks, and can't do without: {error.Message}",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotSupportedException(
                $"a copy of {Bridge} that loads with this system's libstdc++ can't be written ({OneLine(error)})"
                    + $": free that place, or set XDG_CACHE_HOME to another", error);
        }
    }

    private static nint Opened(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new NotSupportedException(Cause(path, error), error);
        }
    }

    /// <summary>The loader's reason: the line of .NET's message that names the file or what was not found.</summary>
    private static string Cause(string path, Exception error)
    {
        var line = error.Message.Split('\n')
            .FirstOrDefault(line => line.StartsWith(path, StringComparison.Ordinal) || line.Contains("not found", StringComparison.Ordinal));
        return line?.Trim() ?? $"{path}: {OneLine(error)}";
    }

    private static string OneLine(Exception error) => error.Message.ReplaceLineEndings(" ");
}
