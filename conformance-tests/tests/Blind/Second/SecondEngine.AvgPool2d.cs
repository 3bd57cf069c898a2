using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult AvgPool2d(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var plan = PlanPool(layerCase, x);
        var counted = Flag(layerCase, "count_include_pad", true);
        var divisor = Whole(layerCase, "divisor_override", 0);
        var y = AvgForward(x.Data, plan, counted, divisor);
        var dx = AvgBackward(Upstream(layerCase, y.Length), plan, counted, divisor);
        return Answer([plan.N, plan.C, plan.Oh, plan.Ow], y, ("input", Grid.Wide(x.Shape, dx)));
    }

    protected virtual int AvgDivisor(PoolPlan p, int oh, int ow, bool counted)
    {
        var top = oh * p.Sh - p.Ph;
        var left = ow * p.Sw - p.Pw;
        if (counted)
            return (Math.Min(top + p.Kh, p.H + p.Ph) - top) * (Math.Min(left + p.Kw, p.W + p.Pw) - left);
        return (Math.Min(top + p.Kh, p.H) - Math.Max(top, 0)) * (Math.Min(left + p.Kw, p.W) - Math.Max(left, 0));
    }

    protected virtual float[] AvgForward(float[] x, PoolPlan p, bool counted, int divisor)
    {
        var y = new float[p.Planes * p.Oh * p.Ow];
        for (var plane = 0; plane < p.Planes; plane++)
            for (var oh = 0; oh < p.Oh; oh++)
                for (var ow = 0; ow < p.Ow; ow++)
                {
                    var sum = 0f;
                    for (var ih = Math.Max(oh * p.Sh - p.Ph, 0); ih < Math.Min(oh * p.Sh - p.Ph + p.Kh, p.H); ih++)
                        for (var iw = Math.Max(ow * p.Sw - p.Pw, 0); iw < Math.Min(ow * p.Sw - p.Pw + p.Kw, p.W); iw++)
                            sum += x[(plane * p.H + ih) * p.W + iw];
                    if (oh * p.Sh - p.Ph >= p.H || ow * p.Sw - p.Pw >= p.W)
                        continue; // nothing but padding: 0
                    y[(plane * p.Oh + oh) * p.Ow + ow] = sum / (divisor != 0 ? divisor : AvgDivisor(p, oh, ow, counted));
                }
        return y;
    }

    protected virtual float[] AvgBackward(float[] dy, PoolPlan p, bool counted, int divisor)
    {
        var dx = new float[p.Planes * p.H * p.W];
        for (var plane = 0; plane < p.Planes; plane++)
            for (var oh = 0; oh < p.Oh; oh++)
                for (var ow = 0; ow < p.Ow; ow++)
                {
                    var share = dy[(plane * p.Oh + oh) * p.Ow + ow] / (divisor != 0 ? divisor : AvgDivisor(p, oh, ow, counted));
                    for (var ih = Math.Max(oh * p.Sh - p.Ph, 0); ih < Math.Min(oh * p.Sh - p.Ph + p.Kh, p.H); ih++)
                        for (var iw = Math.Max(ow * p.Sw - p.Pw, 0); iw < Math.Min(ow * p.Sw - p.Pw + p.Kw, p.W); iw++)
                            dx[(plane * p.H + ih) * p.W + iw] += share;
                }
        return dx;
    }
}
