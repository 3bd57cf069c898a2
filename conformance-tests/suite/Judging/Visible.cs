using System.Globalization;
using System.Text;

namespace Conformance.Suite.Judging;

/// <summary>
/// Makes text from other sources, above all from engines, safe to show. A character is written as an escape such as <c>\u001b</c> if a terminal would
/// obey it, if it changes the direction of writing, if it is invisible, or if XML can't contain it. The text of an engine is escaped on arrival, and
/// every report escapes what it writes.
/// </summary>
public static class Visible
{
    /// <summary>Escapes the whole text. Line ends and tabs stay.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.ReplaceLineEndings("\n");
        if (text.EnumerateRunes().All(rune => rune.Value is '\n' or '\t' || IsPlain(rune)) && !text.Any(char.IsSurrogate))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair is enumerated as U+FFFD
            Append(visible, rune, rune.Value is '\n' or '\t' || IsPlain(rune));
        return visible.ToString();
    }

    /// <summary>The text as one line, without spaces at its ends.</summary>
    /// <param name="most">The largest number of characters; an ellipsis replaces the rest.</param>
    public static string Line(string text, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = new StringBuilder();
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (line.Length >= most)
                return line.Append('…').ToString();
            if (rune.Value is '\n' or '\r' or '\t')
                line.Append(line.Length > 0 && line[^1] == ' ' ? "" : " ");
            else
                Append(line, rune, IsPlain(rune));
        }
        return line.ToString();
    }

    /// <summary>The beginning of a line of bytes, which need not be valid UTF-8.</summary>
    public static string Line(ReadOnlySpan<byte> bytes, int most) => Line(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4 * most)]), most);

    /// <summary>All that stands between two quotation marks, on one line: blanks at its ends stay, and a line end is an escape.</summary>
    /// <param name="most">How many characters are kept; the rest becomes an ellipsis.</param>
    internal static string Exactly(string text, int most = int.MaxValue)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= most)
                return line.Append('…').ToString();
            Append(line, rune, IsPlain(rune));
        }
        return line.ToString();
    }

    private static void Append(StringBuilder text, Rune rune, bool isPlain)
    {
        if (isPlain)
            text.Append(rune.ToString());
        else
            foreach (var unit in rune.ToString())
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
