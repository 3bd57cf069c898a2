using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>
/// Known mistakes of engines that store channels in blocks of a vector's width (<c>nChw16c</c>). The loop adds all lanes of the last block, so the
/// lanes beyond the last channel must be zero. If they are not cleared, they hold old values. In libtorch's oneDNN these are any memory
/// (<c>reference/torch/onednn.md</c>); here they are the end of the block before, so that the answer is always the same.
/// </summary>
internal static class Conv2dLaneDefects
{
    private static readonly Seen OneDnn = Seen.Issues("oneDNN 3.7.1 (reference/torch/onednn.md)");

    public static IEnumerable<Defect> All { get; } = [.. Lanes(8, "eight"), .. Lanes(16, "sixteen")];

    private static IEnumerable<Defect> Lanes(int lanes, string word) =>
    [
        Change($"padded-lanes-of-{lanes}-not-cleared", Passes.Forward, MistakeClass.OddInput,
            $"the last block of {word} input channels is added up whole, and its lanes beyond the last channel still hold those of the block before",
            "clear the padded lanes",
            (g, tap) => Vectors.Overlap(tap.K, g.GroupInputs, lanes) ? tap with { Times = 2 } : tap)
            .From(OneDnn),
        Change($"backward-input-padded-lanes-of-{lanes}-not-cleared", Passes.InputGradient, MistakeClass.OddInput,
            $"the last block of {word} output channels is added up whole, and its lanes beyond the last channel still hold those of the block before",
            "clear the padded lanes",
            (g, tap) => Vectors.Overlap(tap.O % g.GroupOutputs, g.GroupOutputs, lanes) ? tap with { Times = 2 } : tap)
            .From(OneDnn),
    ];
}
