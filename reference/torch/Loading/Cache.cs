namespace Conformance.Torch.Loading;

/// <summary>A folder of the user's cache in which each file is whole under its own name: it is written beside it and renamed.</summary>
internal sealed class Cache(string directory)
{
    /// <summary><c>$XDG_CACHE_HOME/conformance/torch</c>, which is to be an absolute path; else <c>~/.cache/conformance/torch</c>.</summary>
    public static Cache OfUser()
    {
        var (xdg, home) = (Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        return new(Path.Combine(Path.IsPathRooted(xdg) ? xdg : Path.Combine(home, ".cache"), "conformance", "torch"));
    }

    /// <summary>Whether a file is there and has just this content.</summary>
    public bool Holds(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(directory, name);
        return File.Exists(path) && new FileInfo(path).Length == content.Length && content.SequenceEqual(File.ReadAllBytes(path));
    }

    /// <summary>As <see cref="Keep"/>, where that can be done: of what only saves time nothing is said.</summary>
    public void TryKeep(string name, ReadOnlySpan<byte> content)
    {
        try
        {
            Keep(name, content);
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
        if (Holds(name, content))
            return path;
        if (!Path.IsPathRooted(directory))
            throw new IOException("this user has no home"); // never below whatever the current directory is
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
