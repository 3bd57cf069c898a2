using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult Tanh(LayerCase layerCase) => Elementwise(layerCase, MathF.Tanh, (_, y, g) => g * (1 - y * y));
}
