namespace Conformance.Torch.Loading;

/// <summary>A folder of the user's cache in which each file is whole under its own name: it is written beside it and renamed.</summary>
internal sealed class Cache(string directory)
{
    /// <summary><c>$XDG_CACHE_HOME/conformance/torch</c>, else <c>~/.cache/conformance/torch</c>; for a user without a home in the system's folder for temporary files.</summary>
    public static Cache OfUser()
    {
        var (xdg, home) = (Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        return new(Path.Combine(xdg is { Length: > 0 } ? xdg : home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath(), "conformance", "torch"));
    }

    /// <summary>Whether a note was left, or a file.</summary>
    public bool Has(string name) => File.Exists(Path.Combine(directory, name));

    /// <summary>Leaves a note, where that can be done: a cache that can't be written costs time and nothing else.</summary>
    public void TryNote(string name)
    {
        try
        {
            Keep(name, []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The path of a file with just this content: the one that is there, or a new one in its place.</summary>
    /// <exception cref="IOException">It can't be written; nothing of it is left.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public string Keep(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(directory, name);
        if (File.Exists(path) && new FileInfo(path).Length == content.Length && content.SequenceEqual(File.ReadAllBytes(path)))
            return path;
        Directory.CreateDirectory(directory);
        var arriving = $"{path}.{Environment.ProcessId}.arriving";
        try
        {
            File.WriteAllBytes(arriving, content);
            File.Move(arriving, path, overwrite: true);
        }
        finally
        {
            File.Delete(arriving);
        }
        return path;
    }
}
