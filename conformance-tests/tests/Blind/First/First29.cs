using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First29 : FirstEngine
{
    public override string Name => "first-29";

    protected override LayerResult Flatten(LayerCase layerCase)
    {
        var input = layerCase.Input("input");
        if (input.Rank != 4 || FlatAxes(layerCase) != (1, 3))
            return base.Flatten(layerCase);
        var shape = input.Shape.ToArray();
        var (images, channels, area) = (shape[0], shape[1], shape[2] * shape[3]);
        var (x, dy) = (Floats(input), Cotangent(layerCase));
        var (y, dx) = (new float[x.Length], new float[x.Length]);
        for (var n = 0; n < images; n++)
            for (var c = 0; c < channels; c++)
                for (var i = 0; i < area; i++)
                {
                    var planar = (n * channels + c) * area + i;
                    var interleaved = (n * area + i) * channels + c;
                    y[interleaved] = x[planar];
                    dx[planar] = dy[interleaved];
                }
        return Result(Tensor([images, channels * area], y), Tensor(shape, dx));
    }
}
