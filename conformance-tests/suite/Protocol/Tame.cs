using System.Globalization;
using System.Text;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Text that came from an engine, made safe to show: one line, of bounded length, with control and formatting characters (an escape sequence, a mark that turns the writing direction)
/// written out as <c>\u001b</c>. It is done once, where the text comes in.
/// </summary>
public static class Tame
{
    private const int Usual = 300;

    /// <param name="text">Anything at all.</param>
    /// <param name="most">How many characters are kept; the rest becomes an ellipsis.</param>
    public static string Line(string text, int most = Usual)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tame = new StringBuilder();
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (tame.Length >= most)
                return tame.Append('…').ToString();
            if (rune.Value is '\n' or '\r' or '\t')
                tame.Append(tame.Length > 0 && tame[^1] == ' ' ? "" : " ");
            else if (IsTame(rune))
                tame.Append(rune.ToString());
            else
                foreach (var unit in rune.ToString())
                    tame.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
        return tame.ToString();
    }

    /// <summary>The beginning of a line of bytes, which need not be UTF-8.</summary>
    public static string Line(ReadOnlySpan<byte> bytes, int most = Usual) => Line(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4 * most)]), most);

    private static bool IsTame(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
