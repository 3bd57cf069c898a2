using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Text;

/// <summary>How text is laid out for whoever reads it.</summary>
/// <param name="Width">Columns of the terminal: longer lines are broken between words; null where no line is broken, as in a file.</param>
/// <param name="Color">Whether escape codes are wanted: a terminal, and NO_COLOR unset.</param>
public readonly record struct TextStyle(int? Width, bool Color)
{
    /// <summary>Less than this is no terminal that anyone reads.</summary>
    private const int Narrowest = 40;

    /// <summary>No colour, no broken line.</summary>
    public static TextStyle Plain => new(null, false);

    public string Bold(string text) => Color ? $"\e[1m{text}\e[0m" : text;

    /// <summary>Text in lines of at most the width, made visible. A broken line goes on two columns further in.</summary>
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
            var at = line.LastIndexOf("    ", width, width - indent.Length, StringComparison.Ordinal); // between two halves of a line
            if (at < 0)
                at = line.LastIndexOf(' ', width, width - indent.Length);
            if (at < 0)
                at = width; // one long word: cut where the line ends
            lines.Add(line[..at].TrimEnd());
            line = indent + line[at..].TrimStart();
        }
        return string.Join('\n', [.. lines, line]);
    }
}
