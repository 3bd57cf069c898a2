using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

/// <summary>The extents of a convolution.</summary>
internal sealed class FirstConv
{
    public int N, C, H, W, O, KH, KW, SH, SW, Top, Bottom, Left, Right, DH, DW, Groups, OH, OW;

    /// <summary>Input and output channels of one group.</summary>
    public int CG => C / Groups;

    public int OG => O / Groups;

    public int X(int n, int c, int h, int w) => ((n * C + c) * H + h) * W + w;

    public int K(int o, int c, int h, int w) => ((o * CG + c) * KH + h) * KW + w;

    public int Y(int n, int o, int h, int w) => ((n * O + o) * OH + h) * OW + w;
}

internal partial class FirstEngine
{
    protected virtual LayerResult Conv2d(LayerCase layerCase)
    {
        var g = ConvGeometry(layerCase);
        var x = Floats(layerCase.Input("input"));
        var w = Floats(layerCase.Input("weight"));
        var b = FloatsOrNull(layerCase, "bias");
        var y = ConvForward(g, x, w, b);
        var dy = Cotangent(layerCase);
        var gradients = new Dictionary<string, Tensor64>
        {
            ["input"] = Tensor([g.N, g.C, g.H, g.W], ConvInputGradient(g, w, dy)),
            ["weight"] = ConvWeightTensor(g, ConvWeightGradient(g, x, dy)),
        };
        if (b is not null)
            gradients["bias"] = Tensor([g.O], ConvBiasGradient(g, dy));
        return Result(new() { ["output"] = Tensor([g.N, g.O, g.OH, g.OW], y) }, gradients);
    }

    protected virtual Tensor64 ConvWeightTensor(FirstConv g, float[] dw) => Tensor([g.O, g.CG, g.KH, g.KW], dw);

    protected virtual int[] ConvPadding(Attributes attributes) => attributes.Has("padding") ? attributes.Ints("padding", 4) : [0, 0, 0, 0];

    protected FirstConv ConvGeometry(LayerCase layerCase)
    {
        var x = Shape(layerCase, "input", 4);
        var w = Shape(layerCase, "weight", 4);
        var stride = Pair(layerCase.Attributes, "stride", [1, 1]);
        var dilation = Pair(layerCase.Attributes, "dilation", [1, 1]);
        var padding = ConvPadding(layerCase.Attributes);
        var groups = layerCase.Attributes.Has("groups") ? layerCase.Attributes.Int("groups") : 1;
        if (stride.Min() < 1 || dilation.Min() < 1 || padding.Min() < 0 || groups < 1 || w[2] < 1 || w[3] < 1)
            throw new ArgumentException("stride, dilation, groups and kernel must be positive, padding not negative");
        if (x[1] != w[1] * groups || w[0] % groups != 0)
            throw new ArgumentException($"{x[1]} channels, {groups} groups and a weight of {w[0]}x{w[1]} do not go together");
        if (layerCase.Inputs.TryGetValue("bias", out var bias) && !bias.HasShape([w[0]]))
            throw new ArgumentException("one bias for each output channel");
        var g = new FirstConv
        {
            N = x[0],
            C = x[1],
            H = x[2],
            W = x[3],
            O = w[0],
            KH = w[2],
            KW = w[3],
            SH = stride[0],
            SW = stride[1],
            Top = padding[0],
            Bottom = padding[1],
            Left = padding[2],
            Right = padding[3],
            DH = dilation[0],
            DW = dilation[1],
            Groups = groups,
        };
        var restH = g.H + g.Top + g.Bottom - g.DH * (g.KH - 1) - 1;
        var restW = g.W + g.Left + g.Right - g.DW * (g.KW - 1) - 1;
        if (restH < 0 || restW < 0)
            throw new ArgumentException("the kernel is larger than the padded input");
        g.OH = restH / g.SH + 1;
        g.OW = restW / g.SW + 1;
        return g;
    }

    protected virtual float[] ConvForward(FirstConv g, float[] x, float[] w, float[]? b)
    {
        var y = new float[g.N * g.O * g.OH * g.OW];
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
                for (var oh = 0; oh < g.OH; oh++)
                    for (var ow = 0; ow < g.OW; ow++)
                    {
                        var sum = b is null ? 0f : b[o];
                        for (var c = 0; c < g.CG; c++)
                            for (var kh = 0; kh < g.KH; kh++)
                                for (var kw = 0; kw < g.KW; kw++)
                                {
                                    var ih = oh * g.SH + kh * g.DH - g.Top;
                                    var iw = ow * g.SW + kw * g.DW - g.Left;
                                    if (ih >= 0 && ih < g.H && iw >= 0 && iw < g.W)
                                        sum += x[g.X(n, o / g.OG * g.CG + c, ih, iw)] * w[g.K(o, c, kh, kw)];
                                }
                        y[g.Y(n, o, oh, ow)] = sum;
                    }
        return y;
    }

    protected virtual float[] ConvInputGradient(FirstConv g, float[] w, float[] dy)
    {
        var dx = new float[g.N * g.C * g.H * g.W];
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
                for (var oh = 0; oh < g.OH; oh++)
                    for (var ow = 0; ow < g.OW; ow++)
                        for (var c = 0; c < g.CG; c++)
                            for (var kh = 0; kh < g.KH; kh++)
                                for (var kw = 0; kw < g.KW; kw++)
                                {
                                    var ih = oh * g.SH + kh * g.DH - g.Top;
                                    var iw = ow * g.SW + kw * g.DW - g.Left;
                                    if (ih >= 0 && ih < g.H && iw >= 0 && iw < g.W)
                                        dx[g.X(n, o / g.OG * g.CG + c, ih, iw)] += dy[g.Y(n, o, oh, ow)] * w[g.K(o, c, kh, kw)];
                                }
        return dx;
    }

    protected virtual float[] ConvWeightGradient(FirstConv g, float[] x, float[] dy)
    {
        var dw = new float[g.O * g.CG * g.KH * g.KW];
        for (var o = 0; o < g.O; o++)
            for (var c = 0; c < g.CG; c++)
                for (var kh = 0; kh < g.KH; kh++)
                    for (var kw = 0; kw < g.KW; kw++)
                    {
                        var sum = 0f;
                        for (var n = 0; n < g.N; n++)
                            for (var oh = 0; oh < g.OH; oh++)
                                for (var ow = 0; ow < g.OW; ow++)
                                {
                                    var ih = oh * g.SH + kh * g.DH - g.Top;
                                    var iw = ow * g.SW + kw * g.DW - g.Left;
                                    if (ih >= 0 && ih < g.H && iw >= 0 && iw < g.W)
                                        sum += x[g.X(n, o / g.OG * g.CG + c, ih, iw)] * dy[g.Y(n, o, oh, ow)];
                                }
                        dw[g.K(o, c, kh, kw)] = sum;
                    }
        return dw;
    }

    protected virtual float[] ConvBiasGradient(FirstConv g, float[] dy)
    {
        var db = new float[g.O];
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
                for (var oh = 0; oh < g.OH; oh++)
                    for (var ow = 0; ow < g.OW; ow++)
                        db[o] += dy[g.Y(n, o, oh, ow)];
        return db;
    }
}
