namespace Conformance.Suite.Fixtures;

/// <summary>A case file, a stored vector or another input can't be read. The message names the file, the field and the expected content.</summary>
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

    /// <summary>Creates the exception for a file that can't be opened, with the reason.</summary>
    public static FixtureException Unopened(string file, Exception error) => new($"{file}: {Reason(file, error)}", error);

    private static string Reason(string file, Exception error) => error switch
    {
        _ when Directory.Exists(file) => "expected a file, and it is a directory",
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it may not be read",
        _ => error.Message.Split('\n')[0].TrimEnd(),
    };
}
