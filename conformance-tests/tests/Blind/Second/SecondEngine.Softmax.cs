using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

/// <summary>A tensor seen as outer × classes × inner, the classes along the asked axis.</summary>
internal sealed record AxisPlan(int Outer, int Classes, int Inner)
{
    public int At(int outer, int c, int inner) => (outer * Classes + c) * Inner + inner;
}

internal partial class SecondEngine
{
    private LayerResult Softmax(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var plan = PlanAxis(layerCase, x);
        var y = SoftmaxForward(x.Data, plan);
        var dx = SoftmaxBackward(y, Upstream(layerCase, y.Length), plan);
        return Answer(x.Shape, y, ("input", Grid.Wide(x.Shape, dx)));
    }

    private static AxisPlan PlanAxis(LayerCase layerCase, Grid x)
    {
        var dim = layerCase.Attributes.Int("dim");
        Require(dim >= -x.Rank && dim < x.Rank, "softmax: dim is out of range");
        if (dim < 0)
            dim += x.Rank;
        return new(Grid.Count(x.Shape.AsSpan(0, dim)), x.Shape[dim], Grid.Count(x.Shape.AsSpan(dim + 1)));
    }

    protected virtual float[] SoftmaxForward(float[] x, AxisPlan p)
    {
        var y = new float[x.Length];
        for (var o = 0; o < p.Outer; o++)
            for (var i = 0; i < p.Inner; i++)
            {
                var most = float.NegativeInfinity;
                for (var c = 0; c < p.Classes; c++)
                    most = Math.Max(most, x[p.At(o, c, i)]);
                var sum = 0f;
                for (var c = 0; c < p.Classes; c++)
                    sum += y[p.At(o, c, i)] = MathF.Exp(x[p.At(o, c, i)] - most);
                for (var c = 0; c < p.Classes; c++)
                    y[p.At(o, c, i)] /= sum;
            }
        return y;
    }

    protected virtual float[] SoftmaxBackward(float[] y, float[] dy, AxisPlan p)
    {
        var dx = new float[y.Length];
        for (var o = 0; o < p.Outer; o++)
            for (var i = 0; i < p.Inner; i++)
            {
                var sum = 0f;
                for (var c = 0; c < p.Classes; c++)
                    sum += dy[p.At(o, c, i)] * y[p.At(o, c, i)];
                for (var c = 0; c < p.Classes; c++)
                    dx[p.At(o, c, i)] = y[p.At(o, c, i)] * (dy[p.At(o, c, i)] - sum);
            }
        return dx;
    }
}
