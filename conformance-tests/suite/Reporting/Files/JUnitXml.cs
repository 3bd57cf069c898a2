using System.Globalization;
using System.Text;
using System.Xml;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Files;

/// <summary>
/// <c>junit.xml</c>, for CI systems. A test suite is an operation, and a test case is a case with one kernel. Unsupported cases are skipped.
/// </summary>
public static class JUnitXml
{
    public const string FileName = "junit.xml";

    private static readonly XmlWriterSettings Settings = new()
    {
        Indent = true,
        NewLineChars = "\n",
        Encoding = new UTF8Encoding(false),
        OmitXmlDeclaration = true
    };

    public static string Render(CheckReport check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var causes = check.Findings.SelectMany(finding => finding.Cause.Wrong.Select(wrong => (wrong, finding.Cause)))
            .ToLookup(pair => pair.wrong, pair => pair.Cause);
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        using (var xml = XmlWriter.Create(text, Settings))
        {
            xml.WriteStartElement("testsuites");
            Attribute(xml, "name", check.Engine);
            Counts(xml, check.Cases, check.Interrupted ? 1 : 0);
            if (check.Interrupted)
                Interrupted(xml, check);
            foreach (var operation in check.Cases.GroupBy(report => report.Question.Case.Op))
            {
                xml.WriteStartElement("testsuite");
                Attribute(xml, "name", operation.Key);
                Counts(xml, [.. operation]);
                Properties(xml, check);
                foreach (var report in operation)
                    Case(xml, check.Engine, report, causes[report]);
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        return text.Append('\n').ToString();
    }

    private static void Properties(XmlWriter xml, CheckReport check)
    {
        xml.WriteStartElement("properties");
        foreach (var (name, value) in new[] { ("engine", check.Engine), ("suiteHash", check.SuiteHash) }
            .Concat(check.Declares.Conventions.Select(convention => ("declares." + convention.Key, convention.Value)))
                     .Concat(check.Declares.Note is { } note ? [("note", note)] : Array.Empty<(string, string)>())
                     .Concat(check.Fixtures is { } fixtures ? [("fixtures", fixtures)] : Array.Empty<(string, string)>()))
        {
            xml.WriteStartElement("property");
            Attribute(xml, "name", name);
            Attribute(xml, "value", value);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, string engine, CaseReport report, IEnumerable<Cause> causes)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "name", report.Question.Case.Id + (report.Kernel is null ? "" : $" ({report.Kernel})"));
        Attribute(xml, "classname", $"{engine}.{report.Question.Case.Op}");
        Attribute(xml, "time", Seconds(report.Milliseconds));
        if (ElementOf(report.Verdict) is { } element)
        {
            xml.WriteStartElement(element);
            Attribute(xml, "message", causes.Select(CauseText.Line).FirstOrDefault() ?? report.Message ?? report.Verdict.Text());
            if (element != "skipped")
            {
                Attribute(xml, "type", report.Verdict.Text());
                xml.WriteString(Visible.Escape(FailureText.Render(report)));
            }
            xml.WriteEndElement();
        }
        if (report.LeftOut.Count > 0)
            xml.WriteElementString("system-out", Visible.Escape(string.Join('\n', LeftOutText.Lines(report))));
        xml.WriteEndElement();
    }

    /// <summary>An error of its own, so that no reader takes the cases that were judged for all.</summary>
    private static void Interrupted(XmlWriter xml, CheckReport check)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", "interrupted");
        Counts(xml, [], 1);
        xml.WriteStartElement("testcase");
        Attribute(xml, "name", "the run");
        Attribute(xml, "classname", $"{check.Engine}.interrupted");
        Attribute(xml, "time", Seconds(0));
        xml.WriteStartElement("error");
        Attribute(xml, "message", check.Ended ?? $"interrupted after {check.Cases.Count} cases: not all was judged");
        Attribute(xml, "type", "interrupted");
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <param name="more">Errors that belong to no case.</param>
    private static void Counts(XmlWriter xml, IReadOnlyList<CaseReport> reports, int more = 0)
    {
        Attribute(xml, "tests", $"{reports.Count + more}");
        foreach (var (name, element) in new[] { ("failures", "failure"), ("errors", "error"), ("skipped", "skipped") })
            Attribute(xml, name, $"{reports.Count(report => ElementOf(report.Verdict) == element) + (element == "error" ? more : 0)}");
        Attribute(xml, "time", Seconds(reports.Sum(report => report.Milliseconds)));
    }

    /// <summary>The XML element of a verdict; null for a good one. A vacuous case is an error of the suite, not of the engine.</summary>
    private static string? ElementOf(Verdict verdict) => verdict switch
    {
        Verdict.Pass or Verdict.Dialect => null,
        Verdict.Unsupported => "skipped",
        Verdict.Fail => "failure",
        _ => "error",
    };

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Visible.Line(value));

    private static string Seconds(double milliseconds) => (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);
}
