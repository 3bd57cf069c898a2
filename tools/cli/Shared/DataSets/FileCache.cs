using System.Security.Cryptography;

namespace Conformance.Cli.Shared.DataSets;

/// <summary>
/// A directory of files known by their SHA-256. A file is in it under its own name only when it is whole: it is fetched into a subdirectory,
/// checked there, and renamed. Each file is checked again at each use; all of MNIST takes less than a tenth of a second.
/// </summary>
internal sealed class FileCache(string directory, IReadOnlyList<DataFile> files, IReadOnlyList<IDataSource> sources, Action<string> say)
{
    /// <summary>The paths of all files, in their order, fetched where missing or damaged.</summary>
    public string[] Ensure(CancellationToken cancel = default)
    {
        if (Missing().Count > 0)
        {
            try
            {
                FetchMissing(cancel);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UserError($"can't write to the cache {directory}: {e.Message.ReplaceLineEndings(" ")}; free it, set XDG_CACHE_HOME to "
                    + "another place, or give your own files with --data DIR", 3);
            }
        }
        return Paths;
    }

    /// <summary>Where the files are, or will be, in their order.</summary>
    public string[] Paths => [.. files.Select(PathOf)];

    /// <summary>The files that are not there, or not whole.</summary>
    public List<DataFile> Missing() => [.. files.Where(file => Fault(file, PathOf(file)) is not null)];

    private string PathOf(DataFile file) => Path.Combine(directory, file.Name);

    private void FetchMissing(CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        using var hold = Lock(cancel);
        var arriving = Path.Combine(directory, "arriving");
        try
        {
            foreach (var source in sources)
            {
                // Also what an interrupted run, or the source before, left there.
                if (Directory.Exists(arriving))
                    Directory.Delete(arriving, recursive: true);
                Directory.CreateDirectory(arriving);
                if (Missing() is not { Count: > 0 } missing)
                    return;
                say($"fetching {string.Join(", ", missing.Select(file => file.Name))} from {source.Name}");
                FetchFrom(source, missing, arriving, cancel);
            }
        }
        finally
        {
            if (Directory.Exists(arriving))
                Directory.Delete(arriving, recursive: true);
        }
        if (Missing() is { Count: > 0 } still)
        {
            throw new UserError($"{string.Join(", ", still.Select(file => file.Name))} can't be had from any of {sources.Count} sources; "
                + "try again when the network is up, or put the files (raw or gzip) into a directory and add --data DIR", 3);
        }
    }

    private void FetchFrom(IDataSource source, List<DataFile> missing, string arriving, CancellationToken cancel)
    {
        try
        {
            foreach (var file in source.Fetch(missing, arriving, cancel))
            {
                var path = Path.Combine(arriving, file.Name);
                if (Fault(file, path) is { } fault)
                    say($"  {file.Name}: {fault}; not taken");
                else
                    File.Move(path, PathOf(file), overwrite: true);
            }
        }
        catch (DataUnavailableException e)
        {
            say($"  {e.Message}");
        }
    }

    /// <summary>Null for a whole file, else what is wrong with it.</summary>
    private static string? Fault(DataFile file, string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            return "missing";
        if (info.Length != file.Bytes)
            return $"expected {file.Bytes:N0} bytes, got {info.Length:N0}";
        using var stream = info.OpenRead();
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        return hash == file.Sha256 ? null : $"expected SHA-256 {file.Sha256}, got {hash}";
    }

    /// <summary>One fetch at a time; the system lets go of the lock however its holder ends.</summary>
    private FileStream Lock(CancellationToken cancel)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                return new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(directory) && !Directory.Exists(Path.Combine(directory, "lock")))
            {
                if (!said)
                    say($"waiting for another run that is fetching into {directory}");
                cancel.ThrowIfCancellationRequested();
                Thread.Sleep(200);
            }
        }
    }
}
