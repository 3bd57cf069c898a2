using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult Sigmoid(LayerCase layerCase) => Elementwise(layerCase, Logistic, (_, y, g) => g * y * (1 - y));

    protected static float Logistic(float x)
    {
        var e = MathF.Exp(-MathF.Abs(x));
        return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }
}
