namespace Conformance.Cli.Reports;

/// <summary>The parts of a page that are files of their own, embedded in the assembly: styles and scripts.</summary>
internal static class Resource
{
    public static string Text(string name)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
