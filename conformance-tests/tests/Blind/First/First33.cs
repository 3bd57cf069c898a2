namespace Conformance.Tests.Blind.First;

internal sealed class First33 : FirstEngine
{
    public override string Name => "first-33";

    protected override float[] ConvForward(FirstConv g, float[] x, float[] w, float[]? b)
    {
        if (g.Groups == 1 || g.Groups != g.C)
            return base.ConvForward(g, x, w, b);
        var y = new float[g.N * g.O * g.OH * g.OW];
        for (var n = 0; n < g.N; n++)
            for (var c = 0; c < g.C; c++)
                for (var oh = 0; oh < g.OH; oh++)
                    for (var ow = 0; ow < g.OW; ow++)
                        y[g.Y(n, c, oh, ow)] = (b?[c] ?? 0) + Window(g, x, w, n, c, oh, ow);
        return y;
    }

    private static float Window(FirstConv g, float[] x, float[] w, int n, int c, int oh, int ow)
    {
        var sum = 0f;
        for (var kh = 0; kh < g.KH; kh++)
            for (var kw = 0; kw < g.KW; kw++)
            {
                var ih = oh * g.SH + kh * g.DH - g.Top;
                var iw = ow * g.SW + kw * g.DW - g.Left;
                if (ih >= 0 && ih < g.H && iw >= 0 && iw < g.W)
                    sum += x[g.X(n, c, ih, iw)] * w[(c * g.KH + kh) * g.KW + kw];
            }
        return sum;
    }
}
