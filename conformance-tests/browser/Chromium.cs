using Microsoft.Playwright;

namespace Conformance.Browser;

/// <summary>
/// The system's Chromium, headless. Nothing is downloaded. Without a Chromium the tests are skipped, with the reason; under CI they fail.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> Start()
    {
        string[] places =
            [Environment.GetEnvironmentVariable("CHROMIUM") ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
        if (places.FirstOrDefault(File.Exists) is not { } path)
        {
            const string reason = "no Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM to its path";
            if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
                Assert.Fail(reason);
            Assert.Ignore(reason);
            throw new InvalidOperationException(reason);
        }
        var playwright = await Playwright.CreateAsync();
        // CI runs as root, where the sandbox can't
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] }));
    }

    /// <summary>A file as a page, and what its console said.</summary>
    public async Task<(IPage Page, List<string> Console)> Open(
        string path, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool script = true)
    {
        var context = await _browser.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, JavaScriptEnabled = script, Offline = true });
        var page = await context.NewPageAsync();
        var console = new List<string>();
        page.Console += (_, message) => console.Add(message.Text);
        page.PageError += (_, error) => console.Add(error);
        page.Dialog += (_, dialog) => console.Add("dialog: " + dialog.Message);
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return (page, console);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
