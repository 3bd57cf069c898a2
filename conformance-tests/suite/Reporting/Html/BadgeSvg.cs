using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Html;

/// <summary><c>badge.svg</c>: the number of passed cases, for a README.</summary>
public static class BadgeSvg
{
    public const string FileName = "badge.svg";

    private const string Label = "conformance";
    private const double LetterWidth = 6.6, Margin = 7;

    public static string Draw(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var (passed, unsupported) = (check.Cases.Count(report => report.Verdict.IsGood()),
            check.Cases.Count(report => report.Verdict == Verdict.Unsupported));
        var text = $"{passed} of {check.Cases.Count - unsupported} pass{(unsupported > 0 ? $", {unsupported} not offered" : "")}"
            + (check.Ended is not null ? ", not started" : check.Interrupted ? ", interrupted" : "");
        return Draw(text, check.IsGood ? unsupported > 0 ? "#8a6500" : "#17735f" : "#b3261e");
    }

    private static string Draw(string text, string color)
    {
        var (left, right) = (Width(Label), Width(text));
        Markup badge = $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Html.Number(left + right)}" height="20" role="img" aria-label="{Label}: {text}">
            <title>{Label}: {text}</title>
            <clipPath id="round"><rect width="{Html.Number(left + right)}" height="20" rx="3"/></clipPath>
            <g clip-path="url(#round)"><rect width="{Html.Number(left)}" height="20" fill="#3b424b"/><rect x="{Html.Number(left)}" width="{Html.Number(right)}" height="20" fill="{color}"/></g>
            <g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle">
            {Words(Label, left / 2, left)}
            {Words(text, left + (right / 2), right)}
            </g>
            </svg>

            """;
        return badge.ToString().ReplaceLineEndings("\n");
    }

    private static double Width(string text) => (text.Length * LetterWidth) + (2 * Margin);

    /// <summary>A text that is stretched to its place, so that it fits in any font.</summary>
    private static Markup Words(string text, double middle, double width) =>
        $"<text x=\"{Html.Number(middle)}\" y=\"14\" textLength=\"{Html.Number(width - (2 * Margin))}\">{text}</text>";
}
