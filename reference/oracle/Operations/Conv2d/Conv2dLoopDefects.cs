using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>
/// Known mistakes of loops that end too early, over the output or over the rest after the last full vector; and of geometry that is not refused.
/// </summary>
internal static class Conv2dLoopDefects
{
    public static IEnumerable<Defect> All { get; } = [.. Loops(), .. Blocks(), .. Refusals()];

    private static IEnumerable<Defect> Loops() =>
    [
        new ResultDefect("conv2d.output-one-short", Passes.Forward, OddInput,
            "the output has one row and one column too few: H − k for H − k + 1",
            "there are (H + padding − (k − 1)·dilation − 1)/stride + 1 windows",
            (_, y) => WithoutLastRowAndColumn(y)),
        Change("last-row-lost", Everywhere, OddInput,
            "the loop over the output's rows ends one early: oh < OH − 1",
            "let oh run to OH − 1 included",
            (g, tap) => tap.OH < g.OH - 1 ? tap : Lost(tap)),
        Change("last-column-lost", Everywhere, OddInput,
            "the loop over the output's columns ends one early: ow < OW − 1",
            "let ow run to OW − 1 included",
            (g, tap) => tap.OW < g.OW - 1 ? tap : Lost(tap)),
        Change("width-tail-lost", Everywhere, OddInput,
            "the output columns behind the last whole vector of eight are not computed",
            "add a loop for the columns that remain",
            (g, tap) => Vectors.Hold(tap.OW, g.OW) ? tap : Lost(tap))
            .From(Seen.Textbook),
        Change("filter-tail-lost", Everywhere, OddInput,
            "the output channels behind the last whole vector of eight are not computed",
            "add a loop for the output channels that remain",
            (g, tap) => Vectors.Hold(tap.O, g.O) ? tap : Lost(tap)),
        Change("channel-tail-lost", Everywhere, OddInput,
            "the input channels behind the last whole vector of eight are left out of the sum",
            "add a loop for the input channels that remain",
            (g, tap) => Vectors.Hold(tap.K, g.GroupInputs) ? tap : Lost(tap)),
        Change("image-tail-lost", Everywhere, OddInput,
            "the images behind the last whole vector of eight are not computed",
            "add a loop for the images that remain",
            (g, tap) => Vectors.Hold(tap.N, g.N) ? tap : Lost(tap)),
    ];

    /// <summary>
    /// Loops with other vector widths, and loops whose last block is moved back to the end, over elements that were already added.
    /// </summary>
    private static IEnumerable<Defect> Blocks()
    {
        foreach (var (lanes, word) in new[] { (2, "two"), (4, "four"), (16, "sixteen") })
        {
            yield return Change($"width-tail-of-{lanes}-lost", Everywhere, OddInput,
                $"the output columns behind the last whole block of {word} are not computed",
                "add a loop for the columns that remain",
                (g, tap) => Vectors.Hold(tap.OW, g.OW, lanes) ? tap : Lost(tap));
            yield return Change($"filter-tail-of-{lanes}-lost", Everywhere, OddInput,
                $"the output channels behind the last whole block of {word} are not computed",
                "add a loop for the output channels that remain",
                (g, tap) => Vectors.Hold(tap.O, g.O, lanes) ? tap : Lost(tap));
            yield return Change($"channel-tail-of-{lanes}-lost", Everywhere, OddInput,
                $"the input channels behind the last whole block of {word} are left out of the sum",
                "add a loop for the input channels that remain",
                (g, tap) => Vectors.Hold(tap.K, g.GroupInputs, lanes) ? tap : Lost(tap));
        }
        foreach (var (lanes, word) in new[] { (2, "two"), (4, "four") })
            yield return Change($"tiles-of-{lanes}-lost", Everywhere, OddInput,
                $"what is left behind the last whole tile of {word} by {word} is not computed, as in a Winograd kernel",
                "fill the last tiles up with zeros",
                (g, tap) => Vectors.Hold(tap.OH, g.OH, lanes) && Vectors.Hold(tap.OW, g.OW, lanes) ? tap : Lost(tap));
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight"), (16, "sixteen") })
            yield return Change($"last-block-of-{lanes}-added-twice", Everywhere, OddInput,
                $"the last block of {word} output columns is moved back to end with the row, and adds once more to what the block before has done",
                "store the block, or compute only what is left",
                (g, tap) => Vectors.Overlap(tap.OW, g.OW, lanes) ? tap with { Times = 2 } : tap);
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight") })
            yield return Change($"last-block-of-{lanes}-channels-twice", Everywhere, OddInput,
                $"the last block of {word} input channels is moved back to the last channel, and counts some twice",
                "compute only the channels that are left",
                (g, tap) => Vectors.Overlap(tap.K, g.GroupInputs, lanes) ? tap with { Times = 2 } : tap);
        yield return Change("filter-tail-stale", Everywhere, OddInput,
            "the output channels behind the last whole vector of eight use the kernels of the vector before",
            "load the kernels that remain",
            (g, tap) => Vectors.Hold(tap.O, g.O) ? tap : tap with { F = tap.F - 8 })
            .Index("w[o − 8, c, i, j]", "w[o, c, i, j]");
    }

    private static IEnumerable<Defect> Refusals() =>
    [
        Accept("kernel-too-large-accepted", "the kernel",
            "a kernel larger than the padded input is answered with numbers",
            "refuse it before anything is padded: (kernel − 1)·dilation + 1 must be at most the padded extent"),
        Accept("negative-padding-accepted", "negative", "negative padding is taken, as if it cut the input", "refuse padding below 0"),
        Accept("groups-unchecked", "groups", "channels that the groups don't divide are cut off",
            "refuse groups that don't divide both channel counts"),
        Accept("stride-zero-accepted", "stride", "a stride of 0 is answered with numbers", "refuse strides below 1"),
    ];
}
