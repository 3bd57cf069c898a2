using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.PoolDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of every pool, wherever its windows are: another image or channel, and rows and columns that are not reached.</summary>
internal static class PlaneDefects
{
    public static IEnumerable<Defect> For<TPlanes>(string op)
        where TPlanes : IPlanes
    {
        yield return Change("last-row-lost", OddInput,
            "the loop over the output's rows ends one early: oh < OH − 1",
            "let oh run to OH − 1 included",
            (g, tap) => tap.OH < g.Output.Height - 1 ? tap : Lost(tap));
        yield return Change("last-column-lost", OddInput,
            "the loop over the output's columns ends one early: ow < OW − 1",
            "let ow run to OW − 1 included",
            (g, tap) => tap.OW < g.Output.Width - 1 ? tap : Lost(tap));
        yield return Change("rows-stepped-by-height", OddInput,
            "the input's rows are stepped by its height",
            "step rows by the width: h·W + w",
            (g, tap) => tap.IH < 0 || tap.IH >= g.Input.Height || tap.IW < 0 || tap.IW >= g.Input.Width ? tap
                : (tap.IH * g.Input.Height + tap.IW) switch { var flat => tap with { IH = flat / g.Input.Width, IW = flat % g.Input.Width } })
            .Index("x[(n·C + c)·H·W + h·H + w]", "x[(n·C + c)·H·W + h·W + w]");
        yield return Change("first-image-for-all", BatchIndex,
            "every image is pooled from the first one",
            "index the input by n",
            (g, tap) => tap with { Plane = tap.Plane % g.Channels })
            .Index("x[0, c, …]", "x[n, c, …]");
        yield return Change("first-channel-for-all", ChannelIndex,
            "every channel is pooled from the first one",
            "index the input by c",
            (g, tap) => tap with { Plane = tap.Plane / g.Channels * g.Channels })
            .Index("x[n, 0, …]", "x[n, c, …]");
        yield return Change("first-image-alone", BatchIndex,
            "the loop over the batch is missing: only the first image is pooled",
            "let n run over all images",
            (g, tap) => tap.Plane < g.Channels ? tap : Lost(tap));
        yield return Change("last-channel-lost", ChannelIndex,
            "the loop over the channels ends one early",
            "let c run to C − 1 included",
            (g, tap) => tap.Plane % g.Channels < g.Channels - 1 ? tap : Lost(tap));
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight"), (16, "sixteen") })
            yield return Change($"width-tail-of-{lanes}-lost", OddInput,
                $"the output columns behind the last whole vector of {word} are not computed",
                "add a loop for the columns that remain",
                (g, tap) => Vectors.Hold(tap.OW, g.Output.Width, lanes) ? tap : Lost(tap));

        TapDefect<TPlanes, PoolTap> Change(string name, MistakeClass kind, string mistake, string mend, Func<TPlanes, PoolTap, PoolTap> change) =>
            new($"{op}.{name}", Both, kind, mistake, mend, change);
    }
}
