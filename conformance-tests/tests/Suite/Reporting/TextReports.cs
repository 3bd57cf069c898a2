using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Engines;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Reporting.Text;
using Conformance.Tests.Cli.Shared;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Suite.Reporting;

/// <summary>Each text format of one run, as people and programs get it.</summary>
internal sealed class TextReports
{
    [Test]
    public Task TheConsole() => Verify(CheckText.Render(FixedRun.Report, "DIR/report.html", TextStyle.Plain));

    [Test]
    public Task TheConsoleAtEightyColumns() => Verify(CheckText.Render(FixedRun.Report, "DIR/report.html", TextStyle.Plain with { Width = 80 }));

    [Test]
    public Task ResultsForPrograms() => Verify(Results.FromReport(FixedRun.Report).Text(), "json");

    [Test]
    public Task JUnit() => Verify(JUnitXml.Render(FixedRun.Report), "xml");

    [Test]
    public Task Markdown() => Verify(CheckMarkdown.Render(FixedRun.Report), "md");

    [Test]
    public Task Badge() => Verify(BadgeSvg.Draw(FixedRun.Report), "svg");

    [Test]
    public Task Annotations() => Verify(string.Join('\n', GitHubAnnotations.Render([FixedRun.Report])));

    [Test]
    public Task SeveralEnginesOnTheConsole() => Verify(EnginesText.Render(Three(), "DIR/engines.html", TextStyle.Plain));

    [Test]
    public Task SeveralEnginesForPrograms() => Verify(EnginesResults.FromTable(Three()).Text(), "json");

    [Test]
    public Task SeveralEnginesForASpreadsheet() => Verify(EnginesCsv.Render(Three()), "csv");

    [Test]
    public void NoLineIsLongerThanTheTerminal([Values(40, 60, 80, 100, 200)] int width)
    {
        var text = CheckText.Render(FixedRun.Report, "DIR/report.html", TextStyle.Plain with { Width = width });
        Assert.That(text.Split('\n').Select(line => line.Length).Max(), Is.LessThanOrEqualTo(width));
        Assert.That(Words(text), Is.EqualTo(Words(CheckText.Render(FixedRun.Report, "DIR/report.html", TextStyle.Plain))), "only line ends differ");

        static string Words(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
    }

    [Test]
    public void ColourIsThereWhereItIsWantedAlone()
    {
        Assert.That(CheckText.Render(FixedRun.Report, "DIR", TextStyle.Plain), Does.Not.Contain("\e"));
        Assert.That(CheckText.Render(FixedRun.Report, "DIR", TextStyle.Plain with { Color = true }), Does.StartWith("\e[1m").And.Contain("\e[0m\n"));
    }

    [Test]
    public void WhatIsWrittenIsReadBack()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File(Results.FileName);
        AtomicFile.Write(path, Results.FromReport(FixedRun.NastyReport).Text());
        Assert.That(Results.Read(path).Text(), Is.EqualTo(Results.FromReport(FixedRun.NastyReport).Text()));
        Assert.That(Results.Read(path).Engine, Is.EqualTo(FixedRun.Nasty));
    }

    private static EnginesTable Three() => EnginesTable.FromResults(
        [.. new[] { FixedRun.Report, FixedRun.NastyReport, FixedRun.RightReport }
            .Select((report, i) => (Results.FromReport(report), $"{i}/results.json"))]);
}
