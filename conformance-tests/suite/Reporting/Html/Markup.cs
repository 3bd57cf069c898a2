using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Html;

/// <summary>
/// A piece of HTML or SVG, made of an interpolated string: <c>Markup row = $"&lt;td&gt;{name}&lt;/td&gt;";</c>. What is written in the string is
/// markup; what is put in is text, and is escaped whoever wrote it, unless it is markup itself. A plain string is no markup, so that forgetting to
/// escape does not compile.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Markup
{
    private readonly StringBuilder _text;

    public Markup(int literalLength, int formattedCount) => _text = new(literalLength + 16 * formattedCount);

    private Markup(string markup) => _text = new(markup);

    public static Markup Empty { get; } = new("");

    public bool IsEmpty => _text.Length == 0;

    /// <summary>What is markup already and of this program: a style sheet, a script.</summary>
    public static Markup Trusted(string markup) => new(markup);

    /// <summary>Text alone.</summary>
    public static Markup Text(string text) => new(Escape(text));

    /// <summary>One after the other, with line breaks between.</summary>
    public static Markup Lines(IEnumerable<Markup> parts) => new(string.Join('\n', parts));

    /// <summary>One after the other.</summary>
    public static Markup Concat(IEnumerable<Markup> parts) => new(string.Concat(parts));

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(string? text) => _text.Append(Escape(text ?? ""));

    public void AppendFormatted(Markup? markup) => _text.Append(markup?._text);

    public void AppendFormatted(IEnumerable<Markup> parts) => _text.AppendJoin("", parts);

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => _text.Append(Escape(value.ToString(format, CultureInfo.InvariantCulture)));

    public override string ToString() => _text.ToString();

    /// <summary>Text that is safe inside an element or a quoted attribute.</summary>
    private static string Escape(string text) => WebUtility.HtmlEncode(Visible.Escape(text));
}
