namespace Conformance.Tests.Blind.Second;

internal sealed class Second11 : SecondEngine
{
    public override string Name => "second-11";

    protected override void MaxForward(float[] x, float[] y, int[] places, PoolPlan p)
    {
        var spanH = p.Dh * (p.Kh - 1) + 1;
        var spanW = p.Dw * (p.Kw - 1) + 1;
        var k = 0;
        for (var plane = 0; plane < p.Planes; plane++)
            for (var oh = 0; oh < p.Oh; oh++)
            {
                var top = Math.Min(oh * p.Sh - p.Ph, p.H + p.Ph - spanH);
                for (var ow = 0; ow < p.Ow; ow++, k++)
                {
                    var left = Math.Min(ow * p.Sw - p.Pw, p.W + p.Pw - spanW);
                    y[k] = float.NegativeInfinity;
                    places[k] = -1;
                    for (var ih = top; ih < top + spanH; ih += p.Dh)
                        for (var iw = left; iw < left + spanW; iw += p.Dw)
                        {
                            if (ih < 0 || ih >= p.H || iw < 0 || iw >= p.W)
                                continue;
                            var value = x[(plane * p.H + ih) * p.W + iw];
                            if (places[k] < 0 || value > y[k] || float.IsNaN(value))
                            {
                                y[k] = value;
                                places[k] = (plane * p.H + ih) * p.W + iw;
                            }
                        }
                }
            }
    }
}
