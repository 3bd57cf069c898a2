using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal sealed record ConvPlan(
    int N, int C, int H, int W, int O, int Kh, int Kw, int Oh, int Ow, int Sh,
    int Sw, int Top, int Bottom, int Left, int Right, int Dh, int Dw, int Groups)
{
    public int CPerGroup => C / Groups;

    public int OPerGroup => O / Groups;

    public int X(int n, int c, int h, int w) => ((n * C + c) * H + h) * W + w;

    public int K(int o, int c, int i, int j) => ((o * CPerGroup + c) * Kh + i) * Kw + j;

    public int Y(int n, int o, int h, int w) => ((n * O + o) * Oh + h) * Ow + w;
}

internal partial class SecondEngine
{
    private LayerResult Conv2d(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var w = In(layerCase, "weight");
        var b = Maybe(layerCase, "bias");
        var plan = PlanConv(layerCase, x, w, b);
        var y = ConvForward(x.Data, w.Data, b?.Data, plan);
        var dy = Upstream(layerCase, y.Length);
        var dw = ConvWeightGradient(x.Data, dy, plan);
        var dx = ConvInputGradient(w.Data, dy, plan);
        var db = b is null ? null : ConvBiasGradient(dy, plan);
        return Answer([plan.N, plan.O, plan.Oh, plan.Ow], y,
            ("input", Grid.Wide(x.Shape, dx)), ("weight", Grid.Wide(w.Shape, dw)), ("bias", db is null ? null : Grid.Wide([plan.O], db)));
    }

    protected virtual ConvPlan PlanConv(LayerCase layerCase, Grid x, Grid w, Grid? b)
    {
        var s = Pair(layerCase, "stride", 1);
        var d = Pair(layerCase, "dilation", 1);
        var p = layerCase.Attributes.Has("padding") ? layerCase.Attributes.Ints("padding", 4) : [0, 0, 0, 0];
        var groups = Whole(layerCase, "groups", 1);
        Require(x.Rank == 4 && w.Rank == 4, "conv2d: input and weight have four axes");
        Require(s[0] > 0 && s[1] > 0, "conv2d: stride must be positive");
        Require(d[0] > 0 && d[1] > 0, "conv2d: dilation must be positive");
        Require(p.All(extent => extent >= 0), "conv2d: padding must not be negative");
        Require(groups > 0, "conv2d: groups must be positive");
        Require(x.Shape[1] % groups == 0 && x.Shape[1] / groups == w.Shape[1], "conv2d: channels of input and weight disagree");
        Require(w.Shape[0] % groups == 0, "conv2d: output channels are not divisible by groups");
        Require(w.Shape[2] > 0 && w.Shape[3] > 0, "conv2d: empty kernel");
        Require(b is null || b.Rank == 1 && b.Length == w.Shape[0], "conv2d: one bias per output channel");
        var spareH = x.Shape[2] + p[0] + p[1] - d[0] * (w.Shape[2] - 1) - 1;
        var spareW = x.Shape[3] + p[2] + p[3] - d[1] * (w.Shape[3] - 1) - 1;
        Require(spareH >= 0 && spareW >= 0, "conv2d: kernel larger than the padded input");
        return new(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], w.Shape[0], w.Shape[2], w.Shape[3], spareH / s[0] + 1, spareW / s[1] + 1,
            s[0], s[1], p[0], p[1], p[2], p[3], d[0], d[1], groups);
    }

    protected virtual float[] ConvForward(float[] x, float[] w, float[]? b, ConvPlan p)
    {
        var y = new float[p.N * p.O * p.Oh * p.Ow];
        for (var n = 0; n < p.N; n++)
            for (var o = 0; o < p.O; o++)
            {
                var first = o / p.OPerGroup * p.CPerGroup;
                for (var oh = 0; oh < p.Oh; oh++)
                    for (var ow = 0; ow < p.Ow; ow++)
                    {
                        var sum = 0f;
                        for (var c = 0; c < p.CPerGroup; c++)
                            for (var i = 0; i < p.Kh; i++)
                            {
                                var ih = oh * p.Sh + i * p.Dh - p.Top;
                                if (ih < 0 || ih >= p.H)
                                    continue;
                                for (var j = 0; j < p.Kw; j++)
                                {
                                    var iw = ow * p.Sw + j * p.Dw - p.Left;
                                    if (iw >= 0 && iw < p.W)
                                        sum += x[p.X(n, first + c, ih, iw)] * w[p.K(o, c, i, j)];
                                }
                            }
                        y[p.Y(n, o, oh, ow)] = sum + (b is null ? 0 : b[o]);
                    }
            }
        return y;
    }

    protected virtual float[] ConvWeightGradient(float[] x, float[] dy, ConvPlan p)
    {
        var dw = new float[p.O * p.CPerGroup * p.Kh * p.Kw];
        for (var o = 0; o < p.O; o++)
        {
            var first = o / p.OPerGroup * p.CPerGroup;
            for (var c = 0; c < p.CPerGroup; c++)
                for (var i = 0; i < p.Kh; i++)
                    for (var j = 0; j < p.Kw; j++)
                    {
                        var sum = 0f;
                        for (var n = 0; n < p.N; n++)
                            for (var oh = 0; oh < p.Oh; oh++)
                            {
                                var ih = oh * p.Sh + i * p.Dh - p.Top;
                                if (ih < 0 || ih >= p.H)
                                    continue;
                                for (var ow = 0; ow < p.Ow; ow++)
                                {
                                    var iw = ow * p.Sw + j * p.Dw - p.Left;
                                    if (iw >= 0 && iw < p.W)
                                        sum += dy[p.Y(n, o, oh, ow)] * x[p.X(n, first + c, ih, iw)];
                                }
                            }
                        dw[p.K(o, c, i, j)] = sum;
                    }
        }
        return dw;
    }

    protected virtual float[] ConvInputGradient(float[] w, float[] dy, ConvPlan p)
    {
        var dx = new float[p.N * p.C * p.H * p.W];
        for (var n = 0; n < p.N; n++)
            for (var o = 0; o < p.O; o++)
            {
                var first = o / p.OPerGroup * p.CPerGroup;
                for (var oh = 0; oh < p.Oh; oh++)
                    for (var ow = 0; ow < p.Ow; ow++)
                    {
                        var g = dy[p.Y(n, o, oh, ow)];
                        for (var c = 0; c < p.CPerGroup; c++)
                            for (var i = 0; i < p.Kh; i++)
                            {
                                var ih = oh * p.Sh + i * p.Dh - p.Top;
                                if (ih < 0 || ih >= p.H)
                                    continue;
                                for (var j = 0; j < p.Kw; j++)
                                {
                                    var iw = ow * p.Sw + j * p.Dw - p.Left;
                                    if (iw >= 0 && iw < p.W)
                                        dx[p.X(n, first + c, ih, iw)] += g * w[p.K(o, c, i, j)];
                                }
                            }
                    }
            }
        return dx;
    }

    protected virtual float[]? ConvBiasGradient(float[] dy, ConvPlan p)
    {
        var db = new float[p.O];
        for (var n = 0; n < p.N; n++)
            for (var o = 0; o < p.O; o++)
                for (var k = 0; k < p.Oh * p.Ow; k++)
                    db[o] += dy[(n * p.O + o) * p.Oh * p.Ow + k];
        return db;
    }
}
