namespace Conformance.Suite.Fixtures;

/// <summary>Writes a file beside its place and then renames it, so that a reader sees the old text or the new one, never a half.</summary>
public static class AtomicFile
{
    /// <exception cref="IOException">It can't be written; what was there is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Write(string path, string text) => Write(path, temporary => File.WriteAllText(temporary, text));

    /// <summary>The same for bytes that must outlive a power failure: they are on the disk before the old ones are gone.</summary>
    /// <exception cref="IOException">It can't be written; what was there is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Write(string path, byte[] bytes) => Write(path, temporary =>
    {
        using var file = File.Create(temporary);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    });

    private static void Write(string path, Action<string> write)
    {
        var temporary = TemporaryName(path);
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // does nothing once it is renamed
        }
    }

    /// <summary>Beside the place, so that renaming is no copy; by process, so that two runs don't meet.</summary>
    public static string TemporaryName(string path) => $"{path}.{Environment.ProcessId}.tmp";
}
