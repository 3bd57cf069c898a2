using System.Xml;
using System.Xml.Linq;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Engines;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Reporting;

/// <summary>
/// The pages as texts: well-formed and self-contained, and everything that they are given stays text. The browser project tests how they look.
/// </summary>
internal sealed class PageTests
{
    private static readonly CheckReport[] Runs = [FixedRun.Report, FixedRun.NastyReport, FixedRun.RightReport];

    private static IEnumerable<TestCaseData> Pages() =>
        [
            .. Runs.Select((run, i) => new TestCaseData(CheckHtml.Render(run, FixedRun.Aspects)).SetArgDisplayNames($"run {i}")),
            new TestCaseData(EnginesHtml.Render(Table(), path => path)).SetArgDisplayNames("engines")];

    [TestCaseSource(nameof(Pages))]
    public void APageIsWellFormedAndNeedsNothingFromAnywhere(string html)
    {
        var page = Parsed(html);
        Assert.That(page.Descendants().Attributes("id").Select(id => id.Value), Is.Unique);
        Assert.That(page.Descendants().Attributes().Select(attribute => attribute.Name.LocalName), Has.None.EqualTo("src").And.None.StartsWith("on"));
        Assert.That(page.Descendants().Attributes("href").Select(link => link.Value), Has.None.Contains(":"));
        Assert.That(
            html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal),
            Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("url(").And.Not.Contain("fetch(").And.Contain("default-src 'none'"));
    }

    [Test]
    public void EveryLinkInAPageLeadsSomewhere([Values(0, 1, 2)] int run)
    {
        var page = Parsed(CheckHtml.Render(Runs[run], FixedRun.Aspects));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToHashSet();
        Assert.That(
            page.Descendants("a").Select(link => Uri.UnescapeDataString(link.Attribute("href")!.Value[1..])).Distinct(),
            Is.SubsetOf(ids).And.Not.Empty);
    }

    [Test]
    public void ACellCountsTheCasesOfItsAspect()
    {
        var cells = AspectMatrix.FromCases(FixedRun.Report.Cases, FixedRun.Aspects).Rows
            .Single(row => row.Op == "conv2d").Cells
            .ToDictionary(cell => cell.Aspect);
        Assert.That((cells["extents-differ"].Pass, cells["extents-differ"].Fail), Is.EqualTo((0, 1)));
        Assert.That(
            cells[AspectMatrix.Other].Cases.Select(report => report.Question.Case.Id),
            Is.EqualTo(new[] { "conv2d/n1c2h9w8-o3-k5x4-p2" }),
            "what stands in no case file");
    }

    [Test]
    public void TheDifferenceIsNoughtWhereAnElementIsRight()
    {
        var (expected, actual) = (new Tensor64([2, 2], [1, 2, 3, double.NaN]), new Tensor64([2, 2], [1, 2.5, double.NaN, double.NaN]));
        var map = XElement.Parse($"<div>{HeatMap.Draw("outputs.output", expected, actual, ErrorBound.Exact)}</div>");
        Assert.That(
            map.Descendants("svg").Select(svg => svg.Attribute("data-values")!.Value),
            Is.EqualTo(new[] { "1 2 3 NaN", "1 2.5 NaN NaN", "0 0.5 NaN 0" }));
    }

    [Test]
    public void ALargePlaneIsCutAroundItsFirstWrongElement()
    {
        var expected = Tensor64.Zeros(3, 100, 90);
        var actual = new double[expected.Length];
        actual[(2 * 9000) + (70 * 90) + 5] = 1;
        var map = XElement.Parse($"<div>{HeatMap.Draw("outputs.output", expected, new(expected.Shape, actual), ErrorBound.Exact)}</div>");
        Assert.That(map.Elements("div").Single().Element("p")!.Value, Is.EqualTo("[2,·,·] rows 54–85, columns 0–31 of 100×90"));
        Assert.That(
            map.Descendants("svg").Last().Attribute("data-values")!.Value.Split(' '),
            Has.Length.EqualTo(32 * 32).And.Exactly(1).EqualTo("1"));
    }

    [Test]
    public void AThousandFailuresAreAPageThatOpens()
    {
        var failing = FixedRun.Report.Cases.Where(report => report.Verdict == Verdict.Fail).ToArray();
        CaseReport[] many = [.. Enumerable.Range(0, 1000).Select(i => failing[i % 2] with { Kernel = $"k{i}" })];
        var html = CheckHtml.Render(FixedRun.Report with { Cases = many, Findings = [] }, FixedRun.Aspects);
        var page = Parsed(html);
        var cases = page.Descendants("details").Where(details => (string?)details.Attribute("class") == "case").ToArray();
        Assert.That(cases, Has.Length.EqualTo(CheckHtml.MostOpened));
        Assert.That(cases.Count(details => details.Descendants("svg").Any()), Is.EqualTo(CheckHtml.MostWithMaps));
        Assert.That(page.Descendants("p").Select(line => line.Value), Has.Some.StartsWith($"{CheckHtml.MostWithMaps} of them"));
        Assert.That(html.Length, Is.LessThan(2_000_000));
    }

    [Test]
    public void EnginesOfOneNameAreToldApartByTheirFolders()
    {
        var results = Results.FromReport(FixedRun.RightReport);
        var table = EnginesTable.FromResults(
            [(results, "../anna/results.json"), (results, "../ben/results.json"), (Results.FromReport(FixedRun.Report), "../my/results.json")]);
        Assert.That(table.Rows.Select(row => row.Name), Is.EqualTo(new[] { "right (anna)", "right (ben)", "my engine" }));
        Assert.That(table.SuiteHash, Is.EqualTo(results.SuiteHash));
        Assert.That(EnginesTable.FromResults([(results, ""), (results with { SuiteHash = "other" }, "")]).SuiteHash, Is.Null);
    }

    [Test]
    public void ACommentFitsWhateverFails()
    {
        var many = FixedRun.Report with { Findings = [.. Enumerable.Repeat(FixedRun.Report.Findings, 200).SelectMany(findings => findings)] };
        Assert.That(CheckMarkdown.Render(many), Has.Length.InRange(60_000, CheckMarkdown.MostCharacters));
        Assert.That(CheckMarkdown.Render(many), Does.Contain("more: report.html has them all").And.Contain("By operation"));
    }

    [Test]
    public void GitHubGetsTenAnnotationsAtMost()
    {
        var many =
            FixedRun.NastyReport with { Findings = [.. Enumerable.Repeat(FixedRun.NastyReport.Findings, 20).SelectMany(findings => findings)] };
        var lines = GitHubAnnotations.Render([many]).ToArray();
        Assert.That(lines, Has.Length.EqualTo(10).And.All.StartsWith("::error title=").And.All.Not.Contains("\n"));
        Assert.That(lines[^1], Does.Contain("31 more causes"));
        Assert.That(lines[0], Does.Contain("%250A%2C%3A%3A conv2d::"), "a name can't end the title, nor begin a line");
    }

    private static EnginesTable Table() =>
        EnginesTable.FromResults([.. Runs.Select((report, i) => (Results.FromReport(report), $"{i}/results.json"))]);

    private static XDocument Parsed(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new() { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
