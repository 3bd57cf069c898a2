using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal sealed record PoolPlan(int N, int C, int H, int W, int Kh, int Kw, int Sh, int Sw, int Ph, int Pw, int Dh, int Dw, int Oh, int Ow)
{
    public int Planes => N * C;
}

internal partial class SecondEngine
{
    private LayerResult MaxPool2d(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var plan = PlanPool(layerCase, x);
        var y = new float[plan.Planes * plan.Oh * plan.Ow];
        var places = new int[y.Length];
        MaxForward(x.Data, y, places, plan);
        var dx = MaxBackward(x.Data, y, Upstream(layerCase, y.Length), places, plan);
        return Answer([plan.N, plan.C, plan.Oh, plan.Ow], y, ("input", Grid.Wide(x.Shape, dx)));
    }

    private PoolPlan PlanPool(LayerCase layerCase, Grid x)
    {
        var k = layerCase.Attributes.Ints("kernel_size", 2);
        var s = layerCase.Attributes.Has("stride") ? layerCase.Attributes.Ints("stride", 2) : k;
        var p = Pair(layerCase, "padding", 0);
        var d = Pair(layerCase, "dilation", 1);
        var ceil = Flag(layerCase, "ceil_mode", false);
        Require(x.Rank == 4, "pool: input has four axes");
        Require(x.Shape[1] > 0 && x.Shape[2] > 0 && x.Shape[3] > 0, "pool: empty image");
        Require(k[0] > 0 && k[1] > 0, "pool: kernel_size must be positive");
        Require(s[0] > 0 && s[1] > 0, "pool: stride must be positive");
        Require(d[0] > 0 && d[1] > 0, "pool: dilation must be positive");
        Require(p[0] >= 0 && p[1] >= 0 && p[0] <= k[0] / 2 && p[1] <= k[1] / 2, "pool: padding must be between 0 and half of the kernel");
        var oh = PoolExtent(x.Shape[2], k[0], s[0], p[0], d[0], ceil);
        var ow = PoolExtent(x.Shape[3], k[1], s[1], p[1], d[1], ceil);
        Require(oh > 0 && ow > 0, "pool: output would be empty");
        return new(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], k[0], k[1], s[0], s[1], p[0], p[1], d[0], d[1], oh, ow);
    }

    protected virtual int PoolExtent(int extent, int kernel, int stride, int padding, int dilation, bool ceil)
    {
        var spare = extent + 2 * padding - dilation * (kernel - 1) - 1;
        if (spare < 0 && (!ceil || spare + stride - 1 < 0))
            return 0;
        var count = (spare + (ceil ? stride - 1 : 0)) / stride + 1;
        if (ceil && (count - 1) * stride >= extent + padding)
            count--;
        return count;
    }

    protected virtual void MaxForward(float[] x, float[] y, int[] places, PoolPlan p)
    {
        for (var plane = 0; plane < p.Planes; plane++)
            for (var oh = 0; oh < p.Oh; oh++)
                for (var ow = 0; ow < p.Ow; ow++)
                {
                    var best = float.NegativeInfinity;
                    var place = -1;
                    for (var i = 0; i < p.Kh; i++)
                        for (var j = 0; j < p.Kw; j++)
                        {
                            var ih = oh * p.Sh + i * p.Dh - p.Ph;
                            var iw = ow * p.Sw + j * p.Dw - p.Pw;
                            if (ih < 0 || ih >= p.H || iw < 0 || iw >= p.W)
                                continue;
                            var at = (plane * p.H + ih) * p.W + iw;
                            if (place < 0 || x[at] > best || float.IsNaN(x[at]))
                            {
                                best = x[at];
                                place = at;
                            }
                        }
                    y[(plane * p.Oh + oh) * p.Ow + ow] = best;
                    places[(plane * p.Oh + oh) * p.Ow + ow] = place;
                }
    }

    protected virtual float[] MaxBackward(float[] x, float[] y, float[] dy, int[] places, PoolPlan p)
    {
        var dx = new float[p.Planes * p.H * p.W];
        for (var k = 0; k < dy.Length; k++)
            if (places[k] >= 0)
                dx[places[k]] += dy[k];
        return dx;
    }
}
