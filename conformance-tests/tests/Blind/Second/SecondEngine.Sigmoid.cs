using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult Sigmoid(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var y = Array.ConvertAll(x.Data, SigmoidForward);
        var dy = Upstream(layerCase, y.Length);
        var dx = new float[y.Length];
        for (var k = 0; k < dx.Length; k++)
            dx[k] = dy[k] * (y[k] * (1 - y[k]));
        return Answer(x.Shape, y, ("input", Grid.Wide(x.Shape, dx)));
    }

    protected virtual float SigmoidForward(float x)
    {
        if (x >= 0)
            return 1 / (1 + MathF.Exp(-x));
        var e = MathF.Exp(x);
        return e / (1 + e);
    }
}
