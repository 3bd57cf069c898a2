using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Gating;

/// <summary>
/// A known-failures file: a text with one entry per line, <c>PATTERN [kernel=NAME] REASON</c>. Empty lines and lines that begin with # are ignored.
/// An entry without a reason is refused, because nobody could decide later whether it may be removed.
/// </summary>
/// <param name="Path">The path of the file.</param>
public sealed record KnownFailures(string Path, IReadOnlyList<KnownFailure> Entries)
{
    private const string KernelMark = "kernel=";

    /// <exception cref="FixtureException">The file or a line can't be read. The message names file, line and the expected content.</exception>
    public static KnownFailures Read(string path)
    {
        try
        {
            var lines = BoundedFile.ReadText(path, BoundedFile.MostList).ReplaceLineEndings("\n").Split('\n');
            return new(path, [.. lines.Select((text, i) => (Text: text.Trim(), Line: i + 1))
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
                $"expected a case id (* for any text) and why it fails, such as 'conv2d/*-g2* groups are not done yet', "
                    + $"got '{Visible.Line(text, 80)}'");
    }
}
