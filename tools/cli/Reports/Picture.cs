namespace Conformance.Cli.Reports;

internal static class Picture
{
    public static string Of(ReadOnlySpan<byte> image, int height, int width, string alt) => $"<img alt=\"{alt}\"/>";
}
