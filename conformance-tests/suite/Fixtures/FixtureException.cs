namespace Conformance.Suite.Fixtures;

/// <summary>A case file, a stored vector or another input that can't be read: which file, which field, what was expected.</summary>
public sealed class FixtureException : Exception
{
    public FixtureException(string file, string field, string problem, Exception? inner = null)
        : base($"{file}: {field}: {problem}", inner)
    {
    }

    private FixtureException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A file that can't be opened, and why, for whoever named it.</summary>
    public static FixtureException Unopened(string file, Exception error) => new($"{file}: {Reason(file, error)}", error);

    private static string Reason(string file, Exception error) => error switch
    {
        _ when Directory.Exists(file) => "expected a file, and it is a directory",
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it may not be read",
        _ => error.Message.Split('\n')[0].TrimEnd(),
    };
}
