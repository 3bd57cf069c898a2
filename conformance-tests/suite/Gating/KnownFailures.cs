using Conformance.Suite.Fixtures;

namespace Conformance.Suite.Gating;

/// <summary>
/// A known-failures file: text, one entry a line, <c>PATTERN [kernel=NAME] REASON</c>. Empty lines, and those that begin with #, say nothing. An
/// entry without a reason is refused: nobody could say later whether it may go.
/// </summary>
/// <param name="Path">Where it was read.</param>
public sealed record KnownFailures(string Path, IReadOnlyList<KnownFailure> Entries)
{
    private const string KernelMark = "kernel=";

    /// <exception cref="FixtureException">It can't be read, or a line of it; with file, line and what was expected.</exception>
    public static KnownFailures Read(string path)
    {
        try
        {
            return new(path, [.. File.ReadAllLines(path).Select((text, i) => (Text: text.Trim(), Line: i + 1))
                .Where(line => line.Text.Length > 0 && line.Text[0] != '#').Select(line => Entry(path, line.Line, line.Text))]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FixtureException.Unopened(path, error);
        }
    }

    private static KnownFailure Entry(string path, int line, string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var kernel = words.Length > 1 && words[1].StartsWith(KernelMark, StringComparison.Ordinal) ? words[1][KernelMark.Length..] : null;
        var reason = string.Join(' ', words.Skip(kernel is null ? 1 : 2));
        return words[0].Contains('/', StringComparison.Ordinal) && reason.Length > 0 && kernel != ""
            ? new(line, words[0], kernel, reason)
            : throw new FixtureException(
                path, $"line {line}",
                $"expected a case id (* for any text) and why it fails, such as 'conv2d/*-g2* groups are not done yet', got '{text}'");
    }
}
