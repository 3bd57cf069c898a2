using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult LeakyRelu(LayerCase layerCase)
    {
        var slope = Number(layerCase.Attributes, "negative_slope", 0.01);
        return Elementwise(layerCase, x => x > 0 ? x : x * slope, (x, _, g) => x > 0 ? g : g * slope);
    }
}
