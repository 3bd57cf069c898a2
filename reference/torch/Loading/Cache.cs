namespace Conformance.Torch.Loading;

/// <summary>A folder in the user's cache whose files are always complete: a file is written under another name and then renamed.</summary>
internal sealed class Cache(string directory)
{
    /// <summary><c>$XDG_CACHE_HOME/conformance/torch</c> if that is an absolute path, otherwise <c>~/.cache/conformance/torch</c>.</summary>
    public static Cache OfUser()
    {
        var (xdg, home) = (Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        return new(Path.Combine(Path.IsPathRooted(xdg) ? xdg : Path.Combine(home, ".cache"), "conformance", "torch"));
    }

    /// <summary>Whether a file exists with exactly this content.</summary>
    public bool Holds(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(directory, name);
        return File.Exists(path) && new FileInfo(path).Length == content.Length && content.SequenceEqual(File.ReadAllBytes(path));
    }

    /// <summary>Calls <see cref="Keep"/> and ignores failure, for a file that only saves time.</summary>
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

    /// <summary>Returns the path of a file with exactly this content, and writes it if necessary.</summary>
    /// <exception cref="IOException">The file can't be written; no part of it remains.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written; no part of it remains.</exception>
    public string Keep(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(directory, name);
        if (Holds(name, content))
            return path;
        if (!Path.IsPathRooted(directory))
            throw new IOException("this user has no home"); // otherwise the path would be relative to the current directory
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
