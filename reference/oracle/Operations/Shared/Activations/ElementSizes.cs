using static Conformance.Oracle.SizeFactor;

namespace Conformance.Oracle.Operations;

/// <summary>The number of elements of an elementwise operation, crossed with the number of axes.</summary>
internal static class ElementSizes
{
    public static SizeCrossing Crossing { get; } = new(
        [Size("elements", of => of.Input("input").Length)],
        [Option("axes", ["two axes", "four axes"], of => of.Input("input").Rank switch { 2 => 0, 4 => 1, _ => -1 })],
        (sizes, options) => options[0] == 0 ? $"n1c{Blocks[sizes[0]]}" : $"n1c1h1w{Blocks[sizes[0]]}");
}
