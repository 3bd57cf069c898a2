using System.Diagnostics;
using Conformance.Suite.Judging;

namespace Conformance.Cli.Shared;

/// <summary>Says how far a long command is: a live line where a person watches, and lines that stay.</summary>
internal sealed class Progress(Terminal terminal)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private int _shown;

    /// <summary>Replaces the live line, at most ten times a second. Without a terminal it says nothing.</summary>
    public void Live(string text)
    {
        if (!terminal.Interactive || (_shown > 0 && _sinceShown.Elapsed < Pause))
            return;
        text = Visible.Line(text);
        terminal.Error.Write("\r" + text.PadRight(_shown));
        _shown = text.Length;
        _sinceShown.Restart();
    }

    /// <summary>Writes a line that stays, in place of the live one.</summary>
    public void Line(string text)
    {
        Clear();
        terminal.Error.WriteLine(Visible.Escape(Terminal.Shorten(text)));
    }

    /// <summary>Takes the live line away.</summary>
    public void Clear()
    {
        if (_shown > 0)
            terminal.Error.Write("\r" + new string(' ', _shown) + "\r");
        _shown = 0;
    }
}
