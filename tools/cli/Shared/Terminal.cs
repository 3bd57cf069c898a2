using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Cli.Shared;

/// <summary>Where a command speaks: results on <see cref="Out"/>, everything else on <see cref="Error"/>.</summary>
/// <param name="Interactive">A person watches <see cref="Error"/>: a live line makes sense there.</param>
/// <param name="Color">Colour is wanted on <see cref="Out"/>: it is a terminal and NO_COLOR is not set.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Interactive, bool Color)
{
    /// <summary>Columns of <see cref="Out"/>; null where it is no terminal, and no line is broken.</summary>
    public int? Width { get; init; }

    public TextStyle Style => new(Width, Color);

    /// <summary>What is kept of a longer message: its beginning, which names the file, and its end, which says what to do.</summary>
    private const int LongestMessage = 2000;

    public static Terminal OfProcess()
    {
        var dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        var noColor = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")); // as https://no-color.org has it
        return new(Console.Out, Console.Error, !dumb && !Console.IsErrorRedirected, !dumb && !noColor && !Console.IsOutputRedirected)
        {
            Width = WidthOfOut(),
        };
    }

    /// <summary>A name from outside, such as a file's, on one line: what can't be seen in it is written as an escape.</summary>
    public static string Name(string name) => Visible.Exactly(name);

    /// <summary>A message of bounded length.</summary>
    public static string Shorten(string text) => text.Length <= LongestMessage
        ? text
        : $"{text[..(LongestMessage * 3 / 4)]} … {text[^(LongestMessage / 4)..]}";

    private static int? WidthOfOut()
    {
        try
        {
            return !Console.IsOutputRedirected && Console.WindowWidth > 0 ? Console.WindowWidth : null;
        }
        catch (IOException)
        {
            return null; // a terminal that can't say
        }
    }

    /// <summary>A line on <see cref="Error"/> that a person reads, whoever wrote what it quotes.</summary>
    /// <param name="kind"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
    public void Say(string kind, string text) => Error.WriteLine($"{kind}: {Visible.Line(Shorten(text))}");

    /// <summary>Bold where colour is wanted, plain elsewhere.</summary>
    public string Bold(string text) => Color ? $"\e[1m{text}\e[0m" : text;
}
