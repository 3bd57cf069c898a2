using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Reporting;

/// <summary>JUnit XML is what its readers expect, and counts what was judged.</summary>
internal sealed class JUnitTests
{
    private static IEnumerable<TestCaseData> Reports() =>
        [
            new TestCaseData(FixedRun.Report).SetArgDisplayNames("wrong"),
            new TestCaseData(FixedRun.NastyReport).SetArgDisplayNames("nasty"),
            new TestCaseData(FixedRun.RightReport).SetArgDisplayNames("right")];

    [TestCaseSource(nameof(Reports))]
    public void ItIsValid(CheckReport report) => Assert.That(Problems(JUnitXml.Render(report)), Is.Empty);

    [TestCase("<property name=", "<entry name=")]
    [TestCase("tests=\"8\"", "tests=\"eight\"")]
    [TestCase(" classname=", " class=")]
    [TestCase("</testcase>", "<failure/><failure/></testcase>")]
    public void TheSchemaFindsWhatIsWrong(string right, string wrong)
    {
        var text = JUnitXml.Render(FixedRun.Report);
        Assert.That(text, Does.Contain(right));
        Assert.That(Problems(text.Replace(right, wrong, StringComparison.Ordinal)), Is.Not.Empty);
    }

    [TestCaseSource(nameof(Reports))]
    public void ItCountsWhatWasJudged(CheckReport report)
    {
        var root = XDocument.Parse(JUnitXml.Render(report)).Root!;
        foreach (var (name, verdicts) in new (string, Verdict[])[]
        {
            ("failure", [Verdict.Fail]), ("error", [Verdict.Error, Verdict.Vacuous]), ("skipped", [Verdict.Unsupported])
        })
        {
            var count = report.Cases.Count(one => verdicts.Contains(one.Verdict));
            Assert.That(root.Descendants(name).Count(), Is.EqualTo(count));
            foreach (var elements in new[] { root.Elements("testsuite"), [root] })
                Assert.That(elements.Sum(element => (int)element.Attribute(name == "skipped" ? name : name + "s")!), Is.EqualTo(count));
        }
        Assert.That(
            root.Descendants("testcase").Select(one => (string)one.Attribute("name")!),
            Is.EqualTo(report.Cases.Select(one => one.Question.Case.Id)));
        Assert.That(
            root.Elements("testsuite").Select(one => (string)one.Attribute("name")!),
            Is.EqualTo(report.Cases.Select(one => one.Question.Case.Op).Distinct()));
    }

    [Test]
    public void WhatXmlCannotHoldIsShownByItsNumber()
    {
        var error = XDocument.Parse(JUnitXml.Render(FixedRun.NastyReport)).Descendants("error").Single();
        Assert.That(error.Value, Does.Contain(@"<script>alert(1)</script> ]]> ""quoted"" 'too' & \u202egnp.exe \u001b[31mred\u0007"));
    }

    private static List<string> Problems(string xml)
    {
        var problems = new List<string>();
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings | XmlSchemaValidationFlags.ProcessIdentityConstraints
        };
        settings.Schemas.Add(null, Path.Combine(Repository.Root, "conformance-tests", "tests", "Suite", "Reporting", "junit.xsd"));
        settings.ValidationEventHandler += (_, problem) => problems.Add(problem.Message);
        using var reader = XmlReader.Create(new StringReader(xml), settings);
        while (reader.Read())
        {
        }
        return problems;
    }
}
