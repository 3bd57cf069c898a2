namespace Conformance.Tests.Blind.Second;

internal sealed class Second13 : SecondEngine
{
    public override string Name => "second-13";

    protected override void MaxForward(float[] x, float[] y, int[] places, PoolPlan p)
    {
        for (var k = 0; k < y.Length; k++)
        {
            var plane = k / (p.Oh * p.Ow);
            var top = k / p.Ow % p.Oh * p.Sh - p.Ph;
            var left = k % p.Ow * p.Sw - p.Pw;
            places[k] = -1;
            for (var i = 0; i < p.Kh; i++)
                for (var j = 0; j < p.Kw; j++)
                {
                    var h = top + i * p.Dh;
                    var v = left + j * p.Dw;
                    if (h < 0 || h >= p.H || v < 0 || v >= p.W)
                        continue;
                    var at = (plane * p.H + h) * p.W + v;
                    if (places[k] < 0 || x[at] > x[places[k]])
                        places[k] = at;
                }
            y[k] = places[k] < 0 ? float.NegativeInfinity : x[places[k]];
        }
    }
}
