using Conformance.Suite.Reporting.Text;

namespace Conformance.Tests.Suite.Reporting;

/// <summary>What an engine says is shown in a summary as it is: no markup, no mention, no link.</summary>
internal sealed class MarkdownTextTests
{
    [TestCase("plain, 1:30 (a-b) #x", "plain, 1:30 (a-b) #x")]
    [TestCase("fixes #1", "fixes #\u200B1")]
    [TestCase("owner/name#12", "owner/name#\u200B12")]
    [TestCase("GH-7", "GH-\u200B7")]
    [TestCase("see https://example.com/a", "see https:\u200B//example.com/a")]
    [TestCase("HTTP://example.com", "HTTP:\u200B//example.com")]
    [TestCase("www.example.com", "www.\u200Bexample.com")]
    [TestCase("@someone", "@\u200Bsomeone")]
    [TestCase("[a](b) <b> `c` *d* a|b &#64;", "\\[a\\](b) \\<b> \\`c\\` \\*d\\* a\\|b \\&#\u200B64;")]
    public void NothingOfItActs(string text, string shown) =>
        Assert.That(MarkdownText.Plain(text), Is.EqualTo(shown));
}
