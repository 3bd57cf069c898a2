using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult Linear(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var w = In(layerCase, "weight");
        var b = Maybe(layerCase, "bias");
        Require(w.Rank == 2 && x.Rank >= 1 && x.Shape[^1] == w.Shape[1], "linear: input and weight disagree");
        Require(b is null || b.Rank == 1 && b.Length == w.Shape[0], "linear: one bias per unit");
        var rows = Grid.Count(x.Shape.AsSpan(0, x.Rank - 1));
        var units = w.Shape[0];
        var inputs = w.Shape[1];
        var y = LinearForward(x.Data, w.Data, b?.Data, rows, inputs, units);
        var dy = Upstream(layerCase, y.Length);
        var dx = LinearInputGradient(w.Data, dy, rows, inputs, units);
        var dw = LinearWeightGradient(x.Data, dy, rows, inputs, units);
        var db = b is null ? null : LinearBiasGradient(dy, rows, units);
        return Answer([.. x.Shape[..^1], units], y,
            ("input", Grid.Wide(x.Shape, dx)), ("weight", Grid.Wide(w.Shape, dw)), ("bias", db is null ? null : Grid.Wide([units], db)));
    }

    protected virtual float[] LinearForward(float[] x, float[] w, float[]? b, int rows, int inputs, int units)
    {
        var y = new float[rows * units];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < units; o++)
            {
                var sum = 0f;
                for (var i = 0; i < inputs; i++)
                    sum += x[n * inputs + i] * w[o * inputs + i];
                y[n * units + o] = sum + (b is null ? 0 : b[o]);
            }
        return y;
    }

    protected virtual float[] LinearInputGradient(float[] w, float[] dy, int rows, int inputs, int units)
    {
        var dx = new float[rows * inputs];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < units; o++)
                for (var i = 0; i < inputs; i++)
                    dx[n * inputs + i] += dy[n * units + o] * w[o * inputs + i];
        return dx;
    }

    protected virtual float[] LinearWeightGradient(float[] x, float[] dy, int rows, int inputs, int units)
    {
        var dw = new float[units * inputs];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < units; o++)
                for (var i = 0; i < inputs; i++)
                    dw[o * inputs + i] += dy[n * units + o] * x[n * inputs + i];
        return dw;
    }

    protected virtual float[] LinearBiasGradient(float[] dy, int rows, int units)
    {
        var db = new float[units];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < units; o++)
                db[o] += dy[n * units + o];
        return db;
    }
}
