using System.Xml;
using System.Xml.Linq;

namespace Conformance.Tests.Cli.Shared;

/// <summary>A page as the XML that it is.</summary>
internal static class Pages
{
    public static XDocument Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new() { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
