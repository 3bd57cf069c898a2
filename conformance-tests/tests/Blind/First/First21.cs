using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First21 : FirstEngine
{
    public override string Name => "first-21";

    protected override LayerResult BatchNorm1d(LayerCase layerCase)
    {
        var shape = layerCase.Input("input").Shape.ToArray();
        if (shape.Length != 3)
            return base.BatchNorm1d(layerCase);
        int[] rows = [shape[0] * shape[2], shape[1]];
        var inputs = new Dictionary<string, Tensor64>(layerCase.Inputs) { ["input"] = Reshape(layerCase.Input("input"), rows) };
        var cotangents = layerCase.Cotangents.ToDictionary(pair => pair.Key, pair => Reshape(pair.Value, rows));
        var result = base.BatchNorm1d(layerCase with { Inputs = inputs, Cotangents = cotangents });
        return Result(
            new Dictionary<string, Tensor64>(result.Outputs) { ["output"] = Reshape(result.Outputs["output"], shape) },
            new Dictionary<string, Tensor64>(result.Gradients) { ["input"] = Reshape(result.Gradients["input"], shape) });
    }

    private static Tensor64 Reshape(Tensor64 tensor, int[] shape) => new(shape, tensor.Data.ToArray());
}
