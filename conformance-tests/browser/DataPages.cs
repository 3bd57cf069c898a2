using Conformance.Cli;
using Conformance.Tests.Cli.Data;
using Microsoft.Playwright;

namespace Conformance.Browser;

/// <summary>
/// The pages of <c>data</c> and <c>train</c> in a browser: no script fails, every picture loads, and nothing is wider than the screen.
/// </summary>
[Category("Long")]
internal sealed class DataPages
{
    private readonly string _folder = Directory.CreateTempSubdirectory("conformance-data-pages").FullName;
    private Chromium _chromium = null!;

    [OneTimeSetUp]
    public async Task WriteAndStart()
    {
        _chromium = await Chromium.Start();
        var random = new Random(1);
        IdxFiles.WriteSet(_folder, trainImages: 100, testImages: 50, () => (byte)(random.Next(4) == 0 ? random.Next(256) : 0));
        Run(
            "data", "--features", "--preview", PathOf("preview.html"), "--preset",
            "lenet-label-noise", "--data", _folder, "--set", "fashion-mnist", "--out", _folder);
        Run("train", "--epochs", "3", "--data", _folder, "--set", "fashion-mnist", "--out", PathOf("train"));
    }

    private static void Run(params string[] command)
    {
        using var error = new StringWriter();
        var exit = CommandLine.Run(command, new(TextWriter.Null, error, Interactive: false, Color: false), new NoReference(), CancellationToken.None);
        Assert.That(exit, Is.Zero, error.ToString);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("features.html")]
    [TestCase("preview.html")]
    [TestCase("train/report.html")]
    public async Task NothingGoesWrongAndNothingLeavesTheScreen(string name)
    {
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (700, ColorScheme.Dark), (360, ColorScheme.Light) })
        {
            var (page, console) = await _chromium.Open(PathOf(name), width, scheme);
            Assert.That(
                await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
                Is.LessThanOrEqualTo(0),
                $"width {width}");
            Assert.That(console, Is.Empty);
            await page.Context.CloseAsync();
        }
    }

    [Test]
    public async Task EachClassHasItsDistributionsAndItsDots()
    {
        var (page, _) = await _chromium.Open(PathOf("features.html"));
        Assert.That(await page.Locator(".distribution .shares").CountAsync(), Is.EqualTo(2 * 10));
        Assert.That(await page.Locator(".distribution .median").CountAsync(), Is.EqualTo(2 * 10));
        Assert.That(await page.Locator("tbody tr").CountAsync(), Is.EqualTo(10));
        // The dots of a path are its moves; what <use> takes over is drawn, so that each panel is as wide as its picture.
        Assert.That(
            await page.Locator(".scatter .own").EvaluateAllAsync<int[]>("paths => paths.map(path => path.getAttribute('d').split('M').length - 1)"),
            Is.EqualTo(Enumerable.Repeat(5, 10)));
        Assert.That(
            await page.Locator(".symbols .others").EvaluateAsync<int>("path => path.getAttribute('d').split('M').length - 1"),
            Is.EqualTo(50));
        Assert.That(
            await page.Locator(".scatter use").EvaluateAllAsync<double[]>("uses => uses.map(use => use.getBBox().width)"),
            Is.All.GreaterThan(150));
        Assert.That(await page.Locator(".panels figcaption").Last.InnerTextAsync(), Is.EqualTo("9 Ankle boot"));
    }

    [Test]
    public async Task ATrainingHasItsCurvesAndEveryTestImageItsCell()
    {
        var (page, _) = await _chromium.Open(PathOf("train/report.html"));
        Assert.That(await page.Locator("svg[role=img]").CountAsync(), Is.EqualTo(4));
        Assert.That(await page.Locator("svg[role=img] .test path").CountAsync(), Is.EqualTo(2 * 3), "a marker for each epoch");
        var cells = await page.Locator(".confusion td").AllInnerTextsAsync();
        Assert.That(cells, Has.Count.EqualTo(100));
        Assert.That(cells.Sum(int.Parse), Is.EqualTo(50));
        var wrong = await page.Locator(".confusion .wrong").AllInnerTextsAsync();
        Assert.That(
            await page.Locator(".mistakes img").EvaluateAllAsync<int>("images => images.filter(image => image.naturalWidth == 28).length"),
            Is.EqualTo(Math.Min(40, wrong.Sum(int.Parse))));
        Assert.That(
            await page.Locator(".mistakes figcaption").First.InnerTextAsync(),
            Does.Match("^(T-shirt|Trouser|Pullover|Dress|Coat|Sandal|Shirt|Sneaker|Bag|Ankle boot).*, called "));
    }

    [Test]
    public async Task EachPictureOfTheContactSheetIsOne()
    {
        var (page, _) = await _chromium.Open(PathOf("preview.html"));
        var sizes = await page.Locator("img").EvaluateAllAsync<int[][]>("images => images.map(image => [image.naturalWidth, image.naturalHeight])");
        Assert.That(sizes, Has.Length.EqualTo(10 * (8 * 2 + 9)).And.All.EqualTo(new[] { 28, 28 }));
        Assert.That(await page.Locator("section").CountAsync(), Is.EqualTo(2 * 10));
        Assert.That(await page.Locator(".changed figcaption").AllInnerTextsAsync(), Is.Not.Empty.And.All.Contains(" → "));

        // As Chromium decodes it, pixel by pixel: the first picture is the first image of the file.
        var pixels = await page.Locator("img").First.EvaluateAsync<int[]>("""
            image => {
              const canvas = Object.assign(document.createElement('canvas'), { width: 28, height: 28 }).getContext('2d');
              canvas.drawImage(image, 0, 0);
              return [...canvas.getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0);
            }
            """);
        Assert.That(
            pixels,
            Is.EqualTo((await File.ReadAllBytesAsync(PathOf("train-images-idx3-ubyte")))[16..(16 + 784)].Select(pixel => (int)pixel)));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
