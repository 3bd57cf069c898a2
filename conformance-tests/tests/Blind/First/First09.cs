namespace Conformance.Tests.Blind.First;

internal sealed class First09 : FirstEngine
{
    public override string Name => "first-09";

    protected override float[] ConvForward(FirstConv g, float[] x, float[] w, float[]? b)
    {
        var y = new float[g.N * g.O * g.OH * g.OW];
        ForEachTap(g, (xi, wi, yi) => y[yi] += x[xi] * w[wi]);
        if (b is not null)
            for (var i = 0; i < y.Length; i++)
                y[i] += b[i / (g.OH * g.OW) % g.O];
        return y;
    }

    protected override float[] ConvInputGradient(FirstConv g, float[] w, float[] dy)
    {
        var dx = new float[g.N * g.C * g.H * g.W];
        ForEachTap(g, (xi, wi, yi) => dx[xi] += dy[yi] * w[wi]);
        return dx;
    }

    protected override float[] ConvWeightGradient(FirstConv g, float[] x, float[] dy)
    {
        var dw = new float[g.O * g.CG * g.KH * g.KW];
        ForEachTap(g, (xi, wi, yi) => dw[wi] += x[xi] * dy[yi]);
        return dw;
    }

    private static void ForEachTap(FirstConv g, Action<int, int, int> tap)
    {
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
            {
                var group = o % g.Groups;
                for (var c = 0; c < g.CG; c++)
                    for (var oh = 0; oh < g.OH; oh++)
                        for (var ow = 0; ow < g.OW; ow++)
                            for (var kh = 0; kh < g.KH; kh++)
                                for (var kw = 0; kw < g.KW; kw++)
                                {
                                    var ih = oh * g.SH + kh * g.DH - g.Top;
                                    var iw = ow * g.SW + kw * g.DW - g.Left;
                                    if (ih >= 0 && ih < g.H && iw >= 0 && iw < g.W)
                                        tap(g.X(n, group * g.CG + c, ih, iw), g.K(o, c, kh, kw), g.Y(n, o, oh, ow));
                                }
            }
    }
}
