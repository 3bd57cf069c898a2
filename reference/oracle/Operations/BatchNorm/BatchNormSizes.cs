using static Conformance.Oracle.SizeFactor;

namespace Conformance.Oracle.Operations;

/// <summary>The sizes of a batch norm crossed with its modes.</summary>
internal static class BatchNormSizes
{
    public static SizeCrossing OfLength { get; } = Crossing("length", of => of.Rank == 3 ? of.Shape[2] : -1, length => $"l{length}");

    public static SizeCrossing OfImages { get; } = Crossing("columns", of => of.Shape[3], columns => $"h1w{columns}");

    private static SizeCrossing Crossing(string extent, Func<Tensor64, int> of, Func<int, string> spell) => new(
        [
            Size("channels", layerCase => layerCase.Input("input").Shape[1]), Size(extent, layerCase => of(layerCase.Input("input"))),
        ],
        [
            Option("mode", ["evaluation", "training"], layerCase => layerCase.Attributes.Flag("training") ? 1 : 0),
            Option("affine", ["no gamma and beta", "gamma and beta"], layerCase => layerCase.Inputs.ContainsKey("weight") ? 1 : 0),
        ],
        (sizes, options) => $"n2c{Blocks[sizes[0]]}{spell(Blocks[sizes[1]])}{(options[0] == 0 ? "-eval" : "")}"
            + (options[1] == 0 ? "-noaffine" : ""));
}
