using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

/// <summary>The extents of a pool.</summary>
internal sealed class FirstPool
{
    public int N, C, H, W, KH, KW, SH, SW, PH, PW, DH, DW, OH, OW;

    public bool Ceil, CountPadding;

    public int Planes => N * C;
}

internal partial class FirstEngine
{
    protected virtual LayerResult MaxPool2d(LayerCase layerCase)
    {
        var g = PoolGeometry(layerCase, MaxPoolExtent);
        var x = Floats(layerCase.Input("input"));
        var (y, from) = MaxPoolForward(g, x);
        var dx = MaxPoolBackward(g, x, y, from, Cotangent(layerCase));
        return Result(Tensor([g.N, g.C, g.OH, g.OW], y), Tensor([g.N, g.C, g.H, g.W], dx));
    }

    protected static FirstPool PoolGeometry(LayerCase layerCase, Func<int, int, int, int, int, bool, int> extent)
    {
        var x = Shape(layerCase, "input", 4);
        var attributes = layerCase.Attributes;
        var kernel = attributes.Ints("kernel_size", 2);
        var stride = Pair(attributes, "stride", kernel);
        var padding = Pair(attributes, "padding", [0, 0]);
        var dilation = Pair(attributes, "dilation", [1, 1]);
        if (kernel.Min() < 1 || stride.Min() < 1 || dilation.Min() < 1 || padding.Min() < 0)
            throw new ArgumentException("kernel, stride and dilation must be positive, padding not negative");
        if (padding[0] > kernel[0] / 2 || padding[1] > kernel[1] / 2)
            throw new ArgumentException("the padding is more than half the kernel");
        var g = new FirstPool
        {
            N = x[0],
            C = x[1],
            H = x[2],
            W = x[3],
            KH = kernel[0],
            KW = kernel[1],
            SH = stride[0],
            SW = stride[1],
            PH = padding[0],
            PW = padding[1],
            DH = dilation[0],
            DW = dilation[1],
            Ceil = Flag(attributes, "ceil_mode", false),
            CountPadding = Flag(attributes, "count_include_pad", true),
        };
        g.OH = extent(g.H, g.KH, g.SH, g.PH, g.DH, g.Ceil);
        g.OW = extent(g.W, g.KW, g.SW, g.PW, g.DW, g.Ceil);
        if (g.OH < 1 || g.OW < 1)
            throw new ArgumentException("the kernel is larger than the padded input");
        return g;
    }

    protected virtual int MaxPoolExtent(int extent, int kernel, int stride, int padding, int dilation, bool ceil) =>
        PoolExtent(extent, kernel, stride, padding, dilation, ceil);

    protected static int PoolExtent(int extent, int kernel, int stride, int padding, int dilation, bool ceil)
    {
        var rest = extent + 2 * padding - dilation * (kernel - 1) - 1;
        if (rest < 0 && (!ceil || rest <= -stride))
            return 0;
        var windows = (rest + (ceil ? stride - 1 : 0)) / stride + 1;
        if (ceil && (windows - 1) * stride >= extent + padding)
            windows--;
        return windows;
    }

    protected virtual (float[] Y, int[] From) MaxPoolForward(FirstPool g, float[] x)
    {
        var y = new float[g.Planes * g.OH * g.OW];
        var from = new int[y.Length];
        var at = 0;
        for (var plane = 0; plane < g.Planes; plane++)
            for (var oh = 0; oh < g.OH; oh++)
                for (var ow = 0; ow < g.OW; ow++, at++)
                {
                    var best = float.NegativeInfinity;
                    var index = -1;
                    for (var kh = 0; kh < g.KH; kh++)
                        for (var kw = 0; kw < g.KW; kw++)
                        {
                            var ih = oh * g.SH - g.PH + kh * g.DH;
                            var iw = ow * g.SW - g.PW + kw * g.DW;
                            if (ih < 0 || ih >= g.H || iw < 0 || iw >= g.W)
                                continue;
                            var i = (plane * g.H + ih) * g.W + iw;
                            if (index < 0 || x[i] > best || float.IsNaN(x[i]))
                                (best, index) = (x[i], i);
                        }
                    y[at] = best;
                    from[at] = index;
                }
        return (y, from);
    }

    protected virtual float[] MaxPoolBackward(FirstPool g, float[] x, float[] y, int[] from, float[] dy)
    {
        var dx = new float[g.Planes * g.H * g.W];
        for (var i = 0; i < dy.Length; i++)
            if (from[i] >= 0)
                dx[from[i]] += dy[i];
        return dx;
    }
}
