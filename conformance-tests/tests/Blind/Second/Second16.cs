namespace Conformance.Tests.Blind.Second;

internal sealed class Second16 : SecondEngine
{
    public override string Name => "second-16";

    protected override float[] AvgBackward(float[] dy, PoolPlan p, bool counted, int divisor)
    {
        var area = divisor != 0 ? divisor : p.Kh * p.Kw;
        var dx = new float[p.Planes * p.H * p.W];
        for (var k = 0; k < dy.Length; k++)
        {
            var plane = k / (p.Oh * p.Ow);
            var top = k / p.Ow % p.Oh * p.Sh - p.Ph;
            var left = k % p.Ow * p.Sw - p.Pw;
            for (var i = 0; i < p.Kh; i++)
                for (var j = 0; j < p.Kw; j++)
                    if (top + i >= 0 && top + i < p.H && left + j >= 0 && left + j < p.W)
                        dx[(plane * p.H + top + i) * p.W + left + j] += dy[k] / area;
        }
        return dx;
    }
}
