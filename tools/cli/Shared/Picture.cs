using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Shared;

/// <summary>A grey image inside a page.</summary>
internal static class Picture
{
    /// <param name="grey">Row by row, 0 for black.</param>
    /// <param name="words">What it shows, for those who don't see it; escaped here.</param>
    public static Markup Draw(ReadOnlySpan<byte> grey, int height, int width, string words) =>
        $"<img alt=\"{words}\" src=\"data:image/png;base64,{Convert.ToBase64String(Png.Write(grey, height, width))}\"/>";
}
