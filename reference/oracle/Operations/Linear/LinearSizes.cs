using static Conformance.Oracle.SizeFactor;

namespace Conformance.Oracle.Operations;

/// <summary>The sizes of a linear layer crossed with the places of the other sizes beside a block, and with the bias.</summary>
internal static class LinearSizes
{
    public static SizeCrossing Crossing { get; } = new(
        [Size("rows", N), Size("inputs", I), Size("outputs", O)],
        [
            Beside("rows", N), Beside("inputs", I), Beside("outputs", O),
            Option("bias", ["no bias", "bias"], of => of.Inputs.ContainsKey("bias") ? 1 : 0),
        ],
        (sizes, options) => Enumerable.Range(0, 3).All(i => sizes[i] % 3 == options[i])
            ? $"n{Blocks[sizes[0]]}-i{Blocks[sizes[1]]}-o{Blocks[sizes[2]]}{(options[3] == 0 ? "-nobias" : "")}" : null);

    private static int N(LayerCase of) => of.Input("input").Shape[0];

    private static int I(LayerCase of) => of.Input("input").Shape[1];

    private static int O(LayerCase of) => of.Input("weight").Shape[0];
}
