using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First30 : FirstEngine
{
    public override string Name => "first-30";

    protected override int MaxPoolExtent(int extent, int kernel, int stride, int padding, int dilation, bool ceil) =>
        PoolExtent(extent, kernel, stride, padding, 1, ceil);

    protected override LayerResult Tanh(LayerCase layerCase) => Elementwise(layerCase, Tangent, (_, y, g) => g * (1 - y * y));

    private static float Tangent(float x)
    {
        var (up, down) = (MathF.Exp(x), MathF.Exp(-x));
        return (up - down) / (up + down);
    }
}
