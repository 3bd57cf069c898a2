namespace Conformance.Tests.Blind.Second;

internal sealed class Second14 : SecondEngine
{
    public override string Name => "second-14";

    protected override void MaxForward(float[] x, float[] y, int[] places, PoolPlan p)
    {
        var size = p.C * p.Oh * p.Ow;
        for (var n = 0; n < p.N; n++)
            for (var c = 0; c < p.C; c++)
                for (var oh = 0; oh < p.Oh; oh++)
                    for (var ow = 0; ow < p.Ow; ow++)
                    {
                        var k = (c * p.Oh + oh) * p.Ow + ow;
                        var best = float.NegativeInfinity;
                        places[k] = -1;
                        for (var i = 0; i < p.Kh; i++)
                            for (var j = 0; j < p.Kw; j++)
                            {
                                var h = oh * p.Sh + i * p.Dh - p.Ph;
                                var v = ow * p.Sw + j * p.Dw - p.Pw;
                                if (h < 0 || h >= p.H || v < 0 || v >= p.W)
                                    continue;
                                var value = x[((n * p.C + c) * p.H + h) * p.W + v];
                                if (places[k] < 0 || value > best || float.IsNaN(value))
                                {
                                    best = value;
                                    places[k] = (c * p.H + h) * p.W + v;
                                }
                            }
                        y[n * size + k] = best;
                    }
    }

    protected override float[] MaxBackward(float[] x, float[] y, float[] dy, int[] places, PoolPlan p)
    {
        var size = p.C * p.Oh * p.Ow;
        var dx = new float[x.Length];
        for (var n = 0; n < p.N; n++)
            for (var k = 0; k < size; k++)
                if (places[k] >= 0)
                    dx[n * p.C * p.H * p.W + places[k]] += dy[n * size + k];
        return dx;
    }
}
