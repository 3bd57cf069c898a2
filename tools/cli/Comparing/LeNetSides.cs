namespace Conformance.Cli.Comparing;

/// <param name="dataDirectory">The user's own MNIST files, or null for those that the project fetches.</param>
/// <param name="say">Told, in one line each, what is done on the way.</param>
/// <param name="cancel">Ends a download.</param>
internal delegate ISides OpenSides(string? dataDirectory, Action<string> say, CancellationToken cancel);

internal static class LeNetSides
{
    public static ISides Open(string? dataDirectory, Action<string> say, CancellationToken cancel) =>
        throw new UserError("compare is not wired to the two sides yet", ExitCode.Missing);
}
