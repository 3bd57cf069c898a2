using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private static LayerResult Flatten(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var start = Whole(layerCase, "start_dim", 1);
        var end = Whole(layerCase, "end_dim", -1);
        Require(start >= -x.Rank && start < x.Rank && end >= -x.Rank && end < x.Rank, "flatten: no such axis");
        start += start < 0 ? x.Rank : 0;
        end += end < 0 ? x.Rank : 0;
        Require(start <= end, "flatten: start_dim after end_dim");
        int[] shape = [.. x.Shape[..start], Grid.Count(x.Shape.AsSpan(start, end + 1 - start)), .. x.Shape[(end + 1)..]];
        var dy = Upstream(layerCase, x.Length);
        return Answer(shape, x.Data, ("input", Grid.Wide(x.Shape, dy)));
    }
}
