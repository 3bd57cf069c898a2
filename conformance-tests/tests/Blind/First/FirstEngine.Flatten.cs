using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult Flatten(LayerCase layerCase)
    {
        var input = layerCase.Input("input");
        var shape = FlatShape(layerCase);
        return Result(Tensor(shape, Floats(input)), Tensor(input.Shape, Cotangent(layerCase)));
    }

    protected static int[] FlatShape(LayerCase layerCase)
    {
        var shape = layerCase.Input("input").Shape.ToArray();
        var (start, end) = FlatAxes(layerCase);
        return [.. shape[..start], shape[start..(end + 1)].Aggregate(1, (product, extent) => product * extent), .. shape[(end + 1)..]];
    }

    protected static (int Start, int End) FlatAxes(LayerCase layerCase)
    {
        var rank = layerCase.Input("input").Rank;
        var start = Axis(layerCase.Attributes.Has("start_dim") ? layerCase.Attributes.Int("start_dim") : 1, rank);
        var end = Axis(layerCase.Attributes.Has("end_dim") ? layerCase.Attributes.Int("end_dim") : -1, rank);
        return start <= end ? (start, end) : throw new ArgumentException("start_dim comes after end_dim");
    }
}
