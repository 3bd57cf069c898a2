using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult LogSoftmax(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var plan = PlanAxis(layerCase, x);
        var y = LogSoftmaxForward(x.Data, plan);
        var dx = LogSoftmaxBackward(y, Upstream(layerCase, y.Length), plan);
        return Answer(x.Shape, y, ("input", Grid.Wide(x.Shape, dx)));
    }

    protected virtual float[] LogSoftmaxForward(float[] x, AxisPlan p)
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
                    sum += MathF.Exp(x[p.At(o, c, i)] - most);
                var log = MathF.Log(sum);
                for (var c = 0; c < p.Classes; c++)
                    y[p.At(o, c, i)] = x[p.At(o, c, i)] - most - log;
            }
        return y;
    }

    protected virtual float[] LogSoftmaxBackward(float[] y, float[] dy, AxisPlan p)
    {
        var dx = new float[y.Length];
        for (var o = 0; o < p.Outer; o++)
            for (var i = 0; i < p.Inner; i++)
            {
                var sum = 0f;
                for (var c = 0; c < p.Classes; c++)
                    sum += dy[p.At(o, c, i)];
                for (var c = 0; c < p.Classes; c++)
                    dx[p.At(o, c, i)] = dy[p.At(o, c, i)] - MathF.Exp(y[p.At(o, c, i)]) * sum;
            }
        return dx;
    }
}
