using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult LeakyRelu(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var slope = Real(layerCase, "negative_slope", 0.01);
        var y = new float[x.Length];
        for (var k = 0; k < y.Length; k++)
            y[k] = LeakyForward(x.Data[k], slope);
        var dy = Upstream(layerCase, y.Length);
        var dx = new float[y.Length];
        for (var k = 0; k < dx.Length; k++)
            dx[k] = LeakyBackward(x.Data[k], dy[k], slope);
        return Answer(x.Shape, y, ("input", Grid.Wide(x.Shape, dx)));
    }

    protected virtual float LeakyForward(float x, float slope) => x > 0 ? x : slope * x;

    protected virtual float LeakyBackward(float x, float dy, float slope) => x > 0 ? dy : slope * dy;
}
