namespace Conformance.Tests.Blind.Second;

internal sealed class Second26 : SecondEngine
{
    public override string Name => "second-26";

    protected override float[] DropoutBackward(float[] dy, float[] mask, float p)
    {
        var dx = new float[dy.Length];
        for (var k = 0; k < dx.Length; k++)
            dx[k] = dy[k] * mask[k];
        return dx;
    }

    protected override float[] SoftmaxForward(float[] x, AxisPlan p)
    {
        var y = new float[x.Length];
        for (var o = 0; o < p.Outer; o++)
        {
            var sum = 0f;
            for (var i = 0; i < p.Inner; i++)
            {
                var most = x[p.At(o, 0, i)];
                for (var c = 1; c < p.Classes; c++)
                    most = Math.Max(most, x[p.At(o, c, i)]);
                for (var c = 0; c < p.Classes; c++)
                {
                    y[p.At(o, c, i)] = MathF.Exp(x[p.At(o, c, i)] - most);
                    sum += y[p.At(o, c, i)];
                }
                for (var c = 0; c < p.Classes; c++)
                    y[p.At(o, c, i)] /= sum;
            }
        }
        return y;
    }
}
