namespace Conformance.Suite.Reporting.Html;

/// <summary>The parts of a page that are files of their own, embedded in the assembly: styles and scripts.</summary>
internal static class Resource
{
    /// <param name="owner">A type of the assembly that holds it; the suite's own where none is given.</param>
    public static string Text(string name, Type? owner = null)
    {
        using var stream = (owner ?? typeof(Resource)).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
