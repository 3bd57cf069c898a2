using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    protected virtual LayerResult Relu(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var y = Array.ConvertAll(x.Data, ReluForward);
        var dy = Upstream(layerCase, y.Length);
        var dx = new float[y.Length];
        for (var k = 0; k < dx.Length; k++)
            dx[k] = ReluBackward(x.Data[k], y[k], dy[k]);
        return Answer(x.Shape, y, ("input", Grid.Wide(x.Shape, dx)));
    }

    protected virtual float ReluForward(float x) => x > 0 || float.IsNaN(x) ? x : 0;

    protected virtual float ReluBackward(float x, float y, float dy) => y <= 0 ? 0 : dy;
}
