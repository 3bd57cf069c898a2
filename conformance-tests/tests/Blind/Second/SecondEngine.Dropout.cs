using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult Dropout(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var mask = In(layerCase, "mask");
        var p = Real(layerCase, "p", 0.5);
        Require(p is >= 0 and <= 1, "dropout: p is a probability");
        Require(mask.Shape.AsSpan().SequenceEqual(x.Shape), "dropout: input and mask disagree");
        var y = DropoutForward(x.Data, mask.Data, p);
        var dx = DropoutBackward(Upstream(layerCase, y.Length), mask.Data, p);
        return Answer(x.Shape, y, ("input", Grid.Wide(x.Shape, dx)));
    }

    protected virtual float[] DropoutForward(float[] x, float[] mask, float p)
    {
        var y = new float[x.Length];
        for (var k = 0; k < y.Length; k++)
            y[k] = p == 1 ? 0 : x[k] * mask[k] / (1 - p);
        return y;
    }

    protected virtual float[] DropoutBackward(float[] dy, float[] mask, float p)
    {
        var dx = new float[dy.Length];
        for (var k = 0; k < dx.Length; k++)
            dx[k] = p == 1 ? 0 : dy[k] * mask[k] / (1 - p);
        return dx;
    }
}
