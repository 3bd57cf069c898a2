using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    protected virtual LayerResult Tanh(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var y = Array.ConvertAll(x.Data, TanhForward);
        var dy = Upstream(layerCase, y.Length);
        var dx = new float[y.Length];
        for (var k = 0; k < dx.Length; k++)
            dx[k] = TanhBackward(x.Data[k], y[k], dy[k]);
        return Answer(x.Shape, y, ("input", Grid.Wide(x.Shape, dx)));
    }

    protected virtual float TanhForward(float x) => MathF.Tanh(x);

    protected virtual float TanhBackward(float x, float y, float dy) => dy * (1 - y * y);
}
