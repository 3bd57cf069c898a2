using System.Diagnostics;

namespace Conformance.Suite.Fixtures;

/// <summary>Writes a file under another name and then renames it, so that a reader sees either the old text or the new one.</summary>
public static class AtomicFile
{
    /// <exception cref="IOException">The file can't be written; the old file is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written; the old file is unchanged.</exception>
    public static void Write(string path, string text) => Write(path, temporary => File.WriteAllText(temporary, text));

    /// <summary>Writes bytes that must survive a power failure: they are on the disk before the old file is replaced.</summary>
    /// <exception cref="IOException">The file can't be written; the old file is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written; the old file is unchanged.</exception>
    public static void Write(string path, byte[] bytes) => Write(path, temporary =>
    {
        using var file = File.Create(temporary);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    });

    private static void Write(string path, Action<string> write)
    {
        ClearLeftovers(path);
        var temporary = TemporaryName(path);
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // does nothing if the file was renamed
        }
    }

    /// <summary>Removes what runs that were killed while they wrote the file have left beside it. What a living run writes stays.</summary>
    internal static void ClearLeftovers(string path)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        if (!Directory.Exists(folder))
            return;
        foreach (var left in Directory.EnumerateFiles(folder, $"{name}.*.tmp"))
            if (int.TryParse(Path.GetFileName(left).AsSpan()[(name.Length + 1)..^".tmp".Length], out var process) && !IsAlive(process))
                File.Delete(left);
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A name in the same folder, so that renaming does not copy; with the process id, so that two runs don't collide.</summary>
    public static string TemporaryName(string path) => $"{path}.{Environment.ProcessId}.tmp";
}
