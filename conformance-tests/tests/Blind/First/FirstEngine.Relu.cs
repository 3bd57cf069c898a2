using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult Relu(LayerCase layerCase) => Elementwise(layerCase, x => x <= 0 ? 0 : x, (x, _, g) => x <= 0 ? 0 : g);

    protected static LayerResult Elementwise(LayerCase layerCase, Func<float, float> map, Func<float, float, float, float> back)
    {
        var input = layerCase.Input("input");
        var x = Floats(input);
        var dy = Cotangent(layerCase);
        var (y, dx) = (new float[x.Length], new float[x.Length]);
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = map(x[i]);
            dx[i] = back(x[i], y[i], dy[i]);
        }
        return Result(Tensor(input.Shape, y), Tensor(input.Shape, dx));
    }
}
