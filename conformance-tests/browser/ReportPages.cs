using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Reporting;
using Microsoft.Playwright;

namespace Conformance.Browser;

/// <summary>The report pages in a browser: counts, opening of details, screen sizes, light and dark theme.</summary>
internal sealed class ReportPages
{
    private readonly string _folder = Directory.CreateTempSubdirectory("conformance-pages").FullName;
    private Chromium _chromium = null!;

    private static readonly CheckReport[] Runs = [FixedRun.Report, FixedRun.NastyReport, FixedRun.RightReport];

    [OneTimeSetUp]
    public async Task WriteAndStart()
    {
        _chromium = await Chromium.Start();
        ReportFiles.Write(_folder, Runs, FixedRun.Aspects);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One page is looked at in every run, the others in the long one.</summary>
    private static IEnumerable<TestCaseData> Pages() =>
    [
        new("right/report.html"),
        .. new[] { "engines.html", "my-engine/report.html", "NASTY/report.html" }.Select(name => new TestCaseData(name).SetCategory("Long")),
    ];

    [TestCaseSource(nameof(Pages))]
    public async Task NothingGoesWrongAndNothingLeavesTheScreen(string name)
    {
        foreach (var width in new[] { 1280, 700, 360 })
        {
            var (page, console) = await _chromium.Open(PathOf(name), width);
            foreach (var summary in await page.Locator("summary:visible").AllAsync())
                await summary.ClickAsync();
            Assert.That(
                await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
                Is.LessThanOrEqualTo(0),
                $"width {width}");
            Assert.That(console, Is.Empty);
            await page.Context.CloseAsync();
        }
    }

    [Test]
    public async Task TheCellsAreThoseOfTheResults()
    {
        var (page, _) = await _chromium.Open(PathOf("my-engine/report.html"));
        var matrix = AspectMatrix.FromCases(FixedRun.Report.Cases, FixedRun.Aspects);
        Assert.That(await page.Locator(".matrix .row").CountAsync(), Is.EqualTo(4));
        Assert.That(await page.Locator(".matrix .cell").CountAsync(), Is.EqualTo(matrix.Rows.Sum(row => row.Cells.Count + 1)));
        Assert.That(
            await page.Locator(".cell.all").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "all 2/4", "all 1/2", "all 1/1", "all –" }).Using<string>((one, other) => Squeezed(one) == Squeezed(other)));
        Assert.That(
            await page.Locator(".matrix .cell.fail").CountAsync(),
            Is.EqualTo(matrix.Rows.Sum(row => row.Cells.Count(cell => cell.Fail > 0)) + 2));
        Assert.That(
            await page.GetByRole(AriaRole.Link, new() { Name = "conv2d, all: 2 of 4 fail" }).CountAsync(),
            Is.EqualTo(1),
            "what a cell says to someone who sees no colour");
        Assert.That(await page.Locator(".case").CountAsync(), Is.EqualTo(3));
    }

    [Test]
    public async Task AClickOnACellOpensAFailingCaseWithItsPictures([Values] bool byKeyboard)
    {
        var (page, console) = await _chromium.Open(PathOf("my-engine/report.html"));
        var cell = page.Locator(".row[data-op=conv2d] .cell.all");
        if (byKeyboard)
            await cell.PressAsync("Enter");
        else
            await cell.ClickAsync();
        var open = page.Locator(".case[open]");
        Assert.That(await open.GetAttributeAsync("id"), Is.EqualTo("conv2d/n2c2h5w5-o3-k2-s3-p1.0x0.0"), "the smallest");
        Assert.That(await open.Locator(".heat").First.IsVisibleAsync(), Is.True);
        Assert.That((await open.Locator("figcaption").AllInnerTextsAsync()).Take(3), Is.EqualTo(new[] { "expected", "got", "difference" }));
        Assert.That(await open.Locator(".taps .missed").CountAsync(), Is.GreaterThan(0), "the places that are not read");
        Assert.That(await page.Locator(".case:visible").CountAsync(), Is.EqualTo(2), "those of the cell alone");

        await open.Locator(".heat").Nth(1).HoverAsync(new() { Position = new() { X = 5, Y = 5 } });
        Assert.That(await page.Locator("#tip").InnerTextAsync(), Is.EqualTo("[0,0,0,0] expected -28, got 0, difference 28"));
        await open.Locator(".maps").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.That(await page.Locator("#tip").TextContentAsync(), Is.EqualTo("[0,0,0,1] expected 14, got 2, difference -12"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        Assert.That(await page.Locator(".case:visible").CountAsync(), Is.EqualTo(3));
        Assert.That(console, Is.Empty);
    }

    [Test]
    public async Task WithoutAScriptAllOfItIsThere()
    {
        var (page, _) = await _chromium.Open(PathOf("my-engine/report.html"), script: false);
        foreach (var summary in await page.Locator("summary").AllAsync())
            if (await summary.IsVisibleAsync() && !await summary.Locator("xpath=..").EvaluateAsync<bool>("details => details.open"))
                await summary.ClickAsync();
        Assert.That(await page.Locator(".case .heat:visible").CountAsync(), Is.GreaterThanOrEqualTo(6));
    }

    [TestCaseSource(nameof(Pages))]
    public async Task TheDarkIsDark(string name)
    {
        var colours = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var (page, _) = await _chromium.Open(PathOf(name), scheme: scheme);
            colours.AddRange(await page.EvaluateAsync<string[]>(
                "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color, "
                    + "getComputedStyle(document.querySelector('.pass, .part')).backgroundColor]"));
        }
        Assert.That(colours, Is.Unique);
        Assert.That(colours[0], Is.EqualTo("rgb(255, 255, 255)"));
    }

    [Test]
    public async Task WhatAnEngineSaysIsTextAndNothingElse()
    {
        foreach (var name in new[] { "NASTY/report.html", "engines.html" })
        {
            var (page, console) = await _chromium.Open(PathOf(name));
            var text = await page.Locator("main").InnerTextAsync();
            Assert.That(text, Does.Contain(@"=<script>alert(1)</script> ]]> ""quoted"" 'too' & \u202egnp.exe \u001b[31mred\u0007 | `code`"));
            Assert.That(text, Does.Not.Contain('\u202E').And.Not.Contain('\e'));
            Assert.That(await page.Locator("main script").CountAsync(), Is.Zero);
            Assert.That(console, Is.Empty, "no dialog, no error");
        }
    }

    [Test]
    public async Task TheTableOfEnginesLeadsToTheirPages()
    {
        var (page, _) = await _chromium.Open(PathOf("engines.html"));
        Assert.That(await page.Locator("tbody tr").CountAsync(), Is.EqualTo(Runs.Length));
        Assert.That(await page.Locator("tbody tr").First.Locator("th").InnerTextAsync(), Is.EqualTo("right"), "most passes come first");
        Assert.That(await page.Locator("tbody td.fail").First.GetAttributeAsync("title"), Does.Contain("conv2d.backward-weight-ignores-stride"));
        await page.GetByRole(AriaRole.Link, new() { Name = "my engine", Exact = true }).ClickAsync();
        Assert.That(await page.TitleAsync(), Is.EqualTo("Conformance of my engine"));
    }

    /// <summary>A table of thirty engines and all operations fits on a laptop screen.</summary>
    [Test, Category("Long")]
    public async Task ThirtyEnginesAreATable()
    {
        var folder = Path.Combine(_folder, "thirty");
        ReportFiles.Write(folder, [.. Enumerable.Range(0, 30).Select(i => Runs[i % 3] with { Engine = $"submission {i}" })], FixedRun.Aspects);
        var (page, console) = await _chromium.Open(Path.Combine(folder, "engines.html"), 1366);
        Assert.That(await page.Locator("tbody tr").CountAsync(), Is.EqualTo(30));
        Assert.That(await page.Locator("tbody tr").First.EvaluateAsync<double>("row => row.offsetHeight"), Is.LessThan(40), "one line each");
        Assert.That(await page.Locator(".causes b").First.InnerTextAsync(), Is.EqualTo("20"), "how many have the same mistake");
        Assert.That(console, Is.Empty);
    }

    private string PathOf(string name) => Path.Combine(
        _folder, name.Replace("NASTY", Path.GetFileName(Directory.GetDirectories(_folder, "script-*").Single()), StringComparison.Ordinal));

    private static string Squeezed(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}
