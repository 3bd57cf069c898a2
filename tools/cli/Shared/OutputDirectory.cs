using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Shared;

/// <summary>Where a command's results go. Each file is written beside its place and then renamed, so what was there stays whole.</summary>
internal sealed class OutputDirectory
{
    private const string LockName = ".conformance.lock";

    private OutputDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>Makes sure, before any long work, that <paramref name="files"/> can be written there later. Changes none of them.</summary>
    /// <exception cref="UserError">They can't.</exception>
    public static OutputDirectory Open(string path, params ReadOnlySpan<string> files) => Open("--out", path, path, files);

    /// <summary>
    /// Keeps other runs out until it is disposed of: of two that write to one directory, some files would be the one's and some the other's. The lock
    /// is the system's and goes with its process, however that ends.
    /// </summary>
    /// <exception cref="UserError">Another run has the directory.</exception>
    public IDisposable Hold()
    {
        var file = System.IO.Path.Combine(Path, LockName);
        for (; ; )
        {
            try
            {
                var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                if (File.Exists(file))
                    return held;
                held.Dispose(); // its last holder removed it while we opened it
            }
            catch (IOException) when (File.Exists(file))
            {
                throw new UserError($"--out {Path}: another run is writing there. Wait for it, or give another directory.");
            }
        }
    }

    /// <summary>The same for one file that an option names.</summary>
    /// <returns>Its directory, and its name there.</returns>
    /// <exception cref="UserError">It can't be written, or is no file's name.</exception>
    public static (OutputDirectory Directory, string File) OpenFor(string option, string path)
    {
        var file = System.IO.Path.GetFileName(path);
        if (file.Length == 0)
            throw new UserError($"{option} {path}: expected the name of a file to write");
        var directory = System.IO.Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        return (Open(option, path, directory, [file]), file);
    }

    private static OutputDirectory Open(string option, string given, string path, ReadOnlySpan<string> files)
    {
        if (path.Length == 0)
            throw new UserError("--out '': expected a directory, and the name is empty. Give one, or leave --out away.");
        try
        {
            Directory.CreateDirectory(path);
            AtomicFile.ClearLeftovers(System.IO.Path.Combine(path, "probe"));
            foreach (var file in files)
                AtomicFile.ClearLeftovers(System.IO.Path.Combine(path, file));
            var probe = AtomicFile.TemporaryName(System.IO.Path.Combine(path, "probe"));
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserError($"{option} {given}: expected a directory that can be written to; {FirstLine(error)} Give another one.");
        }
        foreach (var file in files)
        {
            var place = System.IO.Path.Combine(path, file);
            if (Directory.Exists(place))
                throw new UserError($"{option} {given}: expected to write {place}, but a directory is in its place. Remove it, or give another one.");
        }
        return new(path);
    }

    /// <summary><c>artifacts/NAME</c> of the repository around the current directory; where there is none, of the current directory.</summary>
    public static string DefaultFor(string command)
    {
        var current = Directory.GetCurrentDirectory();
        var root = current;
        while (root is not null && !File.Exists(System.IO.Path.Combine(root, "Conformance.sln")))
            root = System.IO.Path.GetDirectoryName(root);
        return System.IO.Path.GetRelativePath(current, System.IO.Path.Combine(root ?? current, "artifacts", command));
    }

    /// <returns>The path of the file.</returns>
    public string Write(string file, string text)
    {
        var place = System.IO.Path.Combine(Path, file);
        AtomicFile.Write(place, text);
        return place;
    }

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].TrimEnd();
}
