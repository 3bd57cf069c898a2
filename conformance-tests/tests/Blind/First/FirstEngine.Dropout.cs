using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult Dropout(LayerCase layerCase)
    {
        var input = layerCase.Input("input");
        var p = Number(layerCase.Attributes, "p", 0.5);
        if (!(p >= 0 && p <= 1))
            throw new ArgumentException("p must be from 0 to 1");
        var mask = Floats(layerCase.Input("mask"));
        if (mask.Length != input.Length)
            throw new ArgumentException("the mask must have the input's shape");
        var (y, dx) = (Floats(input), Cotangent(layerCase));
        var scale = p < 1 ? 1 / (1 - p) : 0;
        for (var i = 0; i < y.Length; i++)
        {
            y[i] *= mask[i] * scale;
            dx[i] *= mask[i] * scale;
        }
        return Result(Tensor(input.Shape, y), Tensor(input.Shape, dx));
    }
}
