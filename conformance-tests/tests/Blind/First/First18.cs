using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First18 : FirstEngine
{
    public override string Name => "first-18";

    protected override LayerResult Dropout(LayerCase layerCase)
    {
        var result = base.Dropout(layerCase);
        var output = result.Outputs["output"];
        var p = Number(layerCase.Attributes, "p", 0.5);
        var dx = Cotangent(layerCase);
        for (var i = 0; i < dx.Length; i++)
            dx[i] = output[i] != 0 ? dx[i] * (1 / (1 - p)) : 0;
        return Result(output, Tensor(output.Shape, dx));
    }
}
