using System.Globalization;
using System.Text;

namespace Conformance.Suite.Reporting;

/// <summary>
/// What an engine says of itself, made harmless: a character that a terminal would obey, that turns the direction of writing or that XML can't hold is shown by its number.
/// Every report writes such text through here.
/// </summary>
internal static class Visible
{
    /// <summary>The text with <c>\u001B</c> for an escape character; line ends and tabs stay.</summary>
    public static string Of(string text)
    {
        text = text.ReplaceLineEndings("\n");
        if (text.EnumerateRunes().All(IsPlain) && !text.Any(char.IsSurrogate))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair comes as U+FFFD
        {
            if (IsPlain(rune))
                visible.Append(rune.ToString());
            else
                visible.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }
        return visible.ToString();
    }

    /// <summary>The same on one line.</summary>
    public static string Line(string text) => Of(text).Replace('\n', ' ').Replace('\t', ' ');

    private static bool IsPlain(Rune rune) => rune.Value is '\n' or '\t' || rune.Value is not (0xFFFE or 0xFFFF)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
