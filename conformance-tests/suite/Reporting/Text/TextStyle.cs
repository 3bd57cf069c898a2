using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Text;

/// <summary>The layout of text for its output device.</summary>
/// <param name="Width">The columns of the terminal; longer lines are broken between words. Null for no line breaks, as in a file.</param>
/// <param name="Color">Whether to use escape codes: on a terminal, if NO_COLOR is not set.</param>
public readonly record struct TextStyle(int? Width, bool Color)
{
    /// <summary>The smallest width in use; a narrower terminal is treated as this wide.</summary>
    private const int Narrowest = 40;

    /// <summary>No colour and no line breaks.</summary>
    public static TextStyle Plain => new(null, false);

    public string Bold(string text) => Color ? $"\e[1m{text}\e[0m" : text;

    /// <summary>Breaks text into lines of at most the width, and makes it safe to show. A continued line is indented by two more columns.</summary>
    public string Fit(string text)
    {
        text = Visible.Escape(text);
        return Width is { } width ? string.Join('\n', text.Split('\n').Select(line => Broken(line, Math.Max(width, Narrowest)))) : text;
    }

    private static string Broken(string line, int width)
    {
        if (line.Length <= width)
            return line;
        var (lines, indent) = (new List<string>(), new string(' ', Math.Min(line.Length - line.TrimStart().Length + 2, width / 2)));
        while (line.Length > width)
        {
            var at = line.LastIndexOf("    ", width, width - indent.Length, StringComparison.Ordinal); // between two parts of a line
            if (at < 0)
                at = line.LastIndexOf(' ', width, width - indent.Length);
            if (at < 0)
                at = width; // a single long word is cut at the end of the line
            lines.Add(line[..at].TrimEnd());
            line = indent + line[at..].TrimStart();
        }
        return string.Join('\n', [.. lines, line]);
    }
}
