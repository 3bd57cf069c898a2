namespace Conformance.Tests.Blind.First;

internal sealed class First01 : FirstEngine
{
    public override string Name => "first-01";

    protected override float[] ConvForward(FirstConv g, float[] x, float[] w, float[]? b)
    {
        var y = new float[g.N * g.O * g.OH * g.OW];
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
                for (var oh = 0; oh < g.OH; oh++)
                    for (var ow = 0; ow < g.OW; ow++)
                    {
                        var sum = b?[o] ?? 0;
                        for (var c = 0; c < g.CG; c++)
                            for (var kh = 0; kh < g.KH; kh++)
                            {
                                var ih = Math.Clamp(oh * g.SH + kh * g.DH - g.Top, 0, g.H - 1);
                                for (var kw = 0; kw < g.KW; kw++)
                                {
                                    var iw = Math.Clamp(ow * g.SW + kw * g.DW - g.Left, 0, g.W - 1);
                                    sum += x[g.X(n, o / g.OG * g.CG + c, ih, iw)] * w[g.K(o, c, kh, kw)];
                                }
                            }
                        y[g.Y(n, o, oh, ow)] = sum;
                    }
        return y;
    }
}
