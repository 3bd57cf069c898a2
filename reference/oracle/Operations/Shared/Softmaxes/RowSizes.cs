using static Conformance.Oracle.SizeFactor;

namespace Conformance.Oracle.Operations;

/// <summary>The lengths of the rows of a softmax, and their number, crossed with the axis that they lie along and with their numbers.</summary>
internal static class RowSizes
{
    public static SizeCrossing Crossing { get; } = new(
        [Size("elements a row", Length), Size("rows", of => Length(of) is > 0 and var length ? of.Input("input").Length / length : 0)],
        [
            Option("axis", ["along the last axis", "along an inner axis"],
                of => RowOperation.Axis(of) == of.Input("input").Rank - 1 ? 0 : 1),
            Option("numbers", ["rows of one kind", "rows around 0 and ±1000"], of => of.Id.EndsWith("-mixed", StringComparison.Ordinal) ? 1 : 0),
        ],
        (sizes, options) => (options[0] == 0 ? $"n{Blocks[sizes[1]]}c{Blocks[sizes[0]]}-a1" : $"n{Blocks[sizes[0]]}c{Blocks[sizes[1]]}-a0")
            + (options[1] == 1 ? "-mixed" : ""));

    private static int Length(LayerCase of) => of.Input("input").Shape[RowOperation.Axis(of)];
}
