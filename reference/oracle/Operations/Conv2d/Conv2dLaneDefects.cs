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

    private static readonly (string Name, MistakeClass Class, Func<Conv2dGeometry, Conv2dTap, Conv2dTap> Without)[] Options =
    [
        ("stride", MistakeClass.Stride, WithoutStride), ("padding", MistakeClass.Padding, WithoutPadding),
        ("dilation", MistakeClass.Dilation, WithoutDilation),
    ];

    public static IEnumerable<Defect> All { get; } =
    [
        .. Lanes(8, "eight"), .. Lanes(16, "sixteen"),
        .. Blocks(4, "four"), .. Blocks(8, "eight"), .. Blocks(16, "sixteen"),
        .. Paths(8, "eight"), .. Paths(16, "sixteen"), .. Depthwise(8, "eight"), .. Depthwise(24, "24"),
    ];

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

    /// <summary>The last block of input channels holds wrong channels: whole, or incomplete.</summary>
    private static IEnumerable<Defect> Blocks(int lanes, string word) =>
    [
        Change($"last-of-{lanes}-channels-is-the-first", Everywhere, MistakeClass.OddInput,
            $"without groups, in the last whole block of {word} input channels the first is read twice, and the last is not",
            "read every lane of the block once",
            (g, tap) => g.Groups == 1 && g.C % lanes == 0 && tap.K == g.GroupInputs - 1 ? tap with { C = tap.C - lanes + 1 } : tap)
            .From(Seen.Issues("pytorch#50042")),
        Change($"channel-tail-of-{lanes}-from-the-block-before", Everywhere, MistakeClass.OddInput,
            $"the input channels behind the last whole block of {word} are read from the block before",
            "load the channels that remain",
            (g, tap) => Vectors.Hold(tap.K, g.GroupInputs, lanes) ? tap : tap with { C = tap.C - lanes })
            .Index($"x[n, c − {lanes}, …]", "x[n, c, …]"),
    ];

    /// <summary>An option is forgotten in the kernel for whole blocks of input channels, or in the loop for those that remain.</summary>
    private static IEnumerable<Defect> Paths(int lanes, string word) =>
        Options.SelectMany(option => new Defect[]
        {
            Change($"channel-tail-of-{lanes}-without-{option.Name}", Everywhere, option.Class,
                $"the {option.Name} is ignored for the input channels behind the last whole block of {word}",
                $"compute those that remain with the {option.Name} too",
                (g, tap) => Vectors.Hold(tap.K, g.GroupInputs, lanes) ? tap : option.Without(g, tap)),
            Change($"blocks-of-{lanes}-channels-without-{option.Name}", Everywhere, option.Class,
                $"the {option.Name} is ignored where the input channels are whole blocks of {word}",
                $"give the blocked kernel the {option.Name} too",
                (g, tap) => g.GroupInputs % lanes == 0 ? option.Without(g, tap) : tap),
        });

    /// <summary>The same of a depthwise kernel, whose blocks are of channels that do not meet.</summary>
    private static IEnumerable<Defect> Depthwise(int lanes, string word) =>
    [
        Change($"depthwise-tail-of-{lanes}-lost", Everywhere, MistakeClass.OddInput,
            $"the channels of a depthwise convolution behind the last whole block of {word} are not computed",
            "add a loop for the channels that remain",
            (g, tap) => !IsDepthwise(g) || Vectors.Hold(tap.C, g.C, lanes) ? tap : Lost(tap)),
        Change($"depthwise-tail-of-{lanes}-from-the-block-before", Everywhere, MistakeClass.OddInput,
            $"the channels of a depthwise convolution behind the last whole block of {word} are read from the block before",
            "load the channels that remain",
            (g, tap) => !IsDepthwise(g) || Vectors.Hold(tap.C, g.C, lanes) ? tap : tap with { C = tap.C - lanes }),
        .. Options.SelectMany(option => new Defect[]
        {
            Change($"depthwise-tail-of-{lanes}-without-{option.Name}", Everywhere, option.Class,
                $"the {option.Name} is ignored for the channels of a depthwise convolution behind the last whole block of {word}",
                $"compute those that remain with the {option.Name} too",
                (g, tap) => !IsDepthwise(g) || Vectors.Hold(tap.C, g.C, lanes) ? tap : option.Without(g, tap)),
            Change($"depthwise-blocks-of-{lanes}-without-{option.Name}", Everywhere, option.Class,
                $"the {option.Name} is ignored where the channels of a depthwise convolution are whole blocks of {word}",
                $"give the blocked kernel the {option.Name} too",
                (g, tap) => IsDepthwise(g) && g.C % lanes == 0 ? option.Without(g, tap) : tap),
        }),
    ];

    private static bool IsDepthwise(Conv2dGeometry g) => g.Groups > 1 && g.GroupInputs == 1;
}
