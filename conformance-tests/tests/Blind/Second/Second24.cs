namespace Conformance.Tests.Blind.Second;

internal sealed class Second24 : SecondEngine
{
    public override string Name => "second-24";

    protected override float[] LogSoftmaxBackward(float[] y, float[] dy, AxisPlan p)
    {
        var dx = new float[y.Length];
        for (var o = 0; o < p.Outer; o++)
            for (var i = 0; i < p.Inner; i++)
            {
                var total = 0f;
                for (var c = 0; c < p.Classes; c++)
                    total += dy[p.At(o, c, i)];
                for (var c = 0; c < p.Classes; c++)
                    dx[p.At(o, c, i)] = dy[p.At(o, c, i)] - y[p.At(o, c, i)] * total;
            }
        return dx;
    }
}
