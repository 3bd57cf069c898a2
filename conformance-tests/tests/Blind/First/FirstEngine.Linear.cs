using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult Linear(LayerCase layerCase)
    {
        var shape = layerCase.Input("input").Shape.ToArray();
        var weight = Shape(layerCase, "weight", 2);
        if (shape.Length == 0 || shape[^1] != weight[1])
            throw new ArgumentException("the input's last axis and the weight's do not go together");
        if (layerCase.Inputs.TryGetValue("bias", out var bias) && !bias.HasShape([weight[0]]))
            throw new ArgumentException("one bias for each output");
        var (rows, ins, outs) = (shape[..^1].Aggregate(1, (product, extent) => product * extent), weight[1], weight[0]);
        var x = Floats(layerCase.Input("input"));
        var w = Floats(layerCase.Input("weight"));
        var b = FloatsOrNull(layerCase, "bias");
        var y = LinearForward(rows, ins, outs, x, w, b);
        var dy = Cotangent(layerCase);
        var gradients = new Dictionary<string, Tensor64>
        {
            ["input"] = Tensor(shape, LinearInputGradient(rows, ins, outs, w, dy)),
            ["weight"] = LinearWeightGradient(rows, ins, outs, x, dy),
        };
        if (b is not null)
            gradients["bias"] = LinearBiasGradient(rows, outs, dy);
        return Result(new() { ["output"] = Tensor([.. shape[..^1], outs], y) }, gradients);
    }

    protected virtual float[] LinearForward(int rows, int ins, int outs, float[] x, float[] w, float[]? b)
    {
        var y = new float[rows * outs];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outs; o++)
            {
                var sum = b is null ? 0f : b[o];
                for (var i = 0; i < ins; i++)
                    sum += x[n * ins + i] * w[o * ins + i];
                y[n * outs + o] = sum;
            }
        return y;
    }

    protected virtual float[] LinearInputGradient(int rows, int ins, int outs, float[] w, float[] dy)
    {
        var dx = new float[rows * ins];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outs; o++)
                for (var i = 0; i < ins; i++)
                    dx[n * ins + i] += dy[n * outs + o] * w[o * ins + i];
        return dx;
    }

    protected virtual Tensor64 LinearWeightGradient(int rows, int ins, int outs, float[] x, float[] dy)
    {
        var dw = new float[outs * ins];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outs; o++)
                for (var i = 0; i < ins; i++)
                    dw[o * ins + i] += dy[n * outs + o] * x[n * ins + i];
        return Tensor([outs, ins], dw);
    }

    protected virtual Tensor64 LinearBiasGradient(int rows, int outs, float[] dy)
    {
        var db = new float[outs];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outs; o++)
                db[o] += dy[n * outs + o];
        return Tensor([outs], db);
    }
}
