using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Html;

/// <summary>
/// A piece of HTML or SVG from an interpolated string: <c>Markup row = $"&lt;td&gt;{name}&lt;/td&gt;";</c>. The literal parts of the string are
/// markup. An inserted value is text and is escaped, unless it is markup itself. A plain string does not convert to markup, so text that is not
/// escaped does not compile.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Markup
{
    private readonly StringBuilder _text;

    public Markup(int literalLength, int formattedCount) => _text = new(literalLength + 16 * formattedCount);

    private Markup(string markup) => _text = new(markup);

    public static Markup Empty { get; } = new("");

    public bool IsEmpty => _text.Length == 0;

    /// <summary>Text that is already markup and belongs to this program: a style sheet or a script.</summary>
    public static Markup Trusted(string markup) => new(markup);

    /// <summary>Escapes a text.</summary>
    public static Markup Text(string text) => new(Escape(text));

    /// <summary>Joins parts with line breaks.</summary>
    public static Markup Lines(IEnumerable<Markup> parts) => new(string.Join('\n', parts));

    /// <summary>Joins parts.</summary>
    public static Markup Concat(IEnumerable<Markup> parts) => new(string.Concat(parts));

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(string? text) => _text.Append(Escape(text ?? ""));

    public void AppendFormatted(Markup? markup) => _text.Append(markup?._text);

    public void AppendFormatted(IEnumerable<Markup> parts) => _text.AppendJoin("", parts);

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => _text.Append(Escape(value.ToString(format, CultureInfo.InvariantCulture)));

    public override string ToString() => _text.ToString();

    /// <summary>Escapes a text for the inside of an element or a quoted attribute.</summary>
    private static string Escape(string text) => WebUtility.HtmlEncode(Visible.Escape(text));
}
