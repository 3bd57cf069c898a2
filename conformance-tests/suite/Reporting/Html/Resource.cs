namespace Conformance.Suite.Reporting.Html;

/// <summary>Styles and scripts of pages, which are separate files embedded in the assembly.</summary>
internal static class Resource
{
    /// <param name="owner">A type of the assembly that contains the file; the suite's own assembly if null.</param>
    public static string Text(string name, Type? owner = null)
    {
        using var stream = (owner ?? typeof(Resource)).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
