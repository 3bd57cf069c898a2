using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Conformance.Cli.Compare;
using Conformance.Cli.Shared;

namespace Conformance.Tests.Cli.Compare;

/// <summary>The page is well-formed, says what the results say, escapes what it is given and needs nothing from anywhere.</summary>
public partial class HtmlReportTests
{
    [Test]
    public void ThePageIsWellFormedWhateverTheNumberOfSeedsAndEpochs([Values(1, 2, 3, 7)] int seeds, [Values(1, 4, 30)] int epochs)
    {
        var html = HtmlReport.Render(Typical(seeds, epochs));
        File.WriteAllText(Path.Combine(TestContext.CurrentContext.WorkDirectory, $"report-{seeds}-seeds-{epochs}-epochs.html"), html);
        var page = Parse(html);
        Assert.That(page.Descendants("svg").Where(svg => (string?)svg.Attribute("role") == "img").ToArray(), Has.Length.EqualTo(5));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToArray();
        Assert.That(ids, Is.Unique);
    }

    [Test]
    public void EveryPictureHasATitleAndADescriptionThatSayItInWords()
    {
        var page = Parse(HtmlReport.Render(Typical(3, 2)));
        foreach (var picture in page.Descendants("svg").Where(svg => svg.Attribute("aria-hidden") is null))
        {
            Assert.That((string?)picture.Attribute("role"), Is.EqualTo("img"));
            foreach (var id in picture.Attribute("aria-labelledby")!.Value.Split(' '))
                Assert.That(picture.Elements().Single(element => (string?)element.Attribute("id") == id).Value, Is.Not.Empty);
        }
        Assert.That(
            page.Descendants("desc").Single(desc => (string?)desc.Attribute("id") == "test-accuracy-desc").Value,
            Does.Contain("Scratch: 97.72 %, 98.52 %. Torch: 97.70 %, 98.50 %."));
    }

    [Test]
    public void NothingComesFromTheNetworkAndNothingRuns()
    {
        var html = HtmlReport.Render(Typical(3, 3));
        Assert.That(
            html,
            Does.Not.Contain("http://").And.Not.Contain("https://").And.Not.Contain("<script").And.Not.Contain("url(").And.Not.Contain("@import"));
        Assert.That(Parse(html).Descendants().Attributes().Select(attribute => attribute.Name.LocalName),
            Has.None.EqualTo("src").And.None.EqualTo("href"));
        Assert.That(html, Does.Contain("prefers-color-scheme: dark"));
    }

    [Test]
    public void WhatItIsGivenIsEscaped()
    {
        const string Provider = "<script>alert(1)</script> & \"quotes\" 'too' ]]>";
        var html = HtmlReport.Render(Typical(3, 2) with { Provider = Provider });
        Assert.That(html, Does.Not.Contain("<script"));
        Assert.That(Parse(html).Descendants("dd").Select(element => element.Value), Has.Member(Provider));
    }

    [Test]
    public void TheTableAndTheAgreementAreThoseOfTheResults()
    {
        var results = Typical(3, 2);
        var text = Parse(HtmlReport.Render(results)).Root!.Value;
        foreach (var expected in new[]
        {
            "98.52 %", "98.50 %", FirstStepsText.Verdict(results.FirstSteps), AgreementText.Verdict(results.Agreement),
            AgreementText.Difference(results.Agreement), results.Provider, results.Float32
        })
            Assert.That(text, Does.Contain(expected));
    }

    [Test]
    public void ACurveHasALineForEachSeedAndOneForTheMean()
    {
        var figure = Parse(HtmlReport.Render(Typical(3, 4)))
            .Descendants("svg")
            .First(svg => ((string?)svg.Attribute("aria-labelledby"))?.StartsWith("test-accuracy") == true);
        foreach (var side in new[] { "scratch", "torch" })
        {
            var group = figure.Elements("g").Single(g => (string?)g.Attribute("class") == side);
            Assert.That(group.Elements("polyline").Count(line => (string?)line.Attribute("class") == "seed"), Is.EqualTo(3));
            Assert.That(group.Elements("polyline").Count(line => (string?)line.Attribute("class") == "mean"), Is.EqualTo(1));
        }
    }

    [Test]
    public void DifferencesStandBesideThoseOfTheNudgedBaselineAndTheMargin()
    {
        var figure = Parse(HtmlReport.Render(Typical(7, 2)))
            .Descendants("svg")
            .Single(svg => ((string?)svg.Attribute("aria-labelledby"))?.StartsWith("difference") == true);
        int Count(string element, string kind) => figure.Elements(element).Count(one => (string?)one.Attribute("class") == kind);
        Assert.That((Count("circle", "dot scratch"), Count("circle", "dot nudged"), Count("line", "margin")), Is.EqualTo((7, 7, 2)));
    }

    [Test]
    public void ATrainingThatDivergedIsShownAsFarAsItGoes()
    {
        var results = Typical(1, 3);
        results.Scratch.Epochs[0][2] = results.Scratch.Epochs[0][2] with { TestLoss = double.NaN, TrainLoss = double.PositiveInfinity };
        var html = HtmlReport.Render(results);
        Parse(html);
        Assert.That(NotACoordinate().IsMatch(html), Is.False);
        Assert.That(html, Does.Contain("NaN"), "in words it is said");
    }

    [TestCase(0.9321, 0.9874)]
    [TestCase(0.1, 0.1)]
    [TestCase(0, 0)]
    [TestCase(1e-9, 2e-9)]
    [TestCase(-0.03, 1e6)]
    public void AnAxisHoldsItsValuesBetweenRoundTicks(double low, double high)
    {
        var axis = new ChartAxis([high, double.NaN, low], 0, 100);
        var ticks = axis.Ticks.ToArray();
        Assert.That(ticks, Has.Length.InRange(2, 8));
        Assert.That(ticks[0], Is.LessThanOrEqualTo(low + 1e-15));
        Assert.That(ticks[^1], Is.GreaterThanOrEqualTo(high * (1 - 1e-12)));
        Assert.That(ticks.Select(axis.Label), Is.Unique);
        Assert.That(axis.Position(ticks[0]), Is.EqualTo(0).Within(1e-9));
        Assert.That(axis.Position(ticks[^1]), Is.EqualTo(100).Within(1e-6));
    }

    /// <summary>Figures like those of a real run: the sides a few hundredths of a point apart, the seeds a little more.</summary>
    private static CompareResults Typical(int seeds, int epochs)
    {
        var scratch = SideResults.FromEpochs(
            [.. Enumerable.Range(0, seeds).Select(seed => Curve(epochs, 0.0002 + (0.0006 * (seed - ((seeds - 1) / 2.0))), 0.6))]);
        var baseline =
            SideResults.FromEpochs([.. Enumerable.Range(0, seeds).Select(seed => Curve(epochs, -0.0004 * (seed - ((seeds - 1) / 2.0)), 9.1))]);
        var nudged =
            SideResults.FromEpochs([.. Enumerable.Range(0, seeds).Select(seed => Curve(epochs, 0.0003 * (seed - ((seeds - 1) / 2.0)), 9.2))]);
        double[] p = [.. Enumerable.Range(1, seeds).Select(seed => 0.9 / seed)];
        int[] images = [.. Enumerable.Range(1, seeds).Select(seed => 70 + seed)];
        double? Where(double value) => seeds < 3 ? null : value;
        var agreement = new AccuracyAgreement(
            0.0002, seeds < 2 ? null : 0.001, seeds < 3 ? null : [-0.0015, 0.0019], 0.003, Where(0.02), Where(0.8), seeds < 3 ? null : false,
            images, p, new(-0.0001, seeds < 2 ? null : 0.0012, images));
        var first = new FirstSteps(50, 3162, 38, 2.3e-6, new(0.1, null), new(0.24, null));
        return new(2, "TorchSharp 0.107.0 (libtorch 2.10.0)", "oneDNN on: 50 of 50 convolutions right on this machine", new(
            epochs, seeds, 64, 60_000, 0.01, 0.9, new(2, 1)),
            scratch, baseline, nudged, first, agreement);
    }

    private static EpochResults[] Curve(int epochs, double lead, double seconds) => [.. Enumerable.Range(1, epochs).Select(epoch =>
        new EpochResults(
            (0.16 / epoch) - lead, 0.99 - (0.04 / epoch) + lead, 0.03 + (0.05 / epoch) - (5 * lead), 0.993 - (0.016 / epoch) + lead, seconds))];

    private static XDocument Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new() { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    [GeneratedRegex("(points|x|y|cx|cy|x1|x2|y1|y2|d)=\"[^\"]*(NaN|∞|Infinity)")]
    private static partial Regex NotACoordinate();
}
