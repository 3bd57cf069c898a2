namespace Conformance.Tests.Blind.First;

internal sealed class First14 : FirstEngine
{
    public override string Name => "first-14";

    protected override float[] ConvInputGradient(FirstConv g, float[] w, float[] dy)
    {
        var dx = new float[g.N * g.C * g.H * g.W];
        var (spreadH, spreadW) = ((g.OH - 1) * g.SH + 1, (g.OW - 1) * g.SW + 1);
        var (padH, padW) = (g.KH - 1 - g.Top, g.KW - 1 - g.Left);
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
            {
                var spread = new float[spreadH * spreadW];
                for (var oh = 0; oh < g.OH; oh++)
                    for (var ow = 0; ow < g.OW; ow++)
                        spread[oh * g.SH * spreadW + ow * g.SW] = dy[g.Y(n, o, oh, ow)];
                for (var c = 0; c < g.CG; c++)
                    for (var ih = 0; ih < g.H; ih++)
                        for (var iw = 0; iw < g.W; iw++)
                        {
                            var sum = 0f;
                            for (var kh = 0; kh < g.KH; kh++)
                                for (var kw = 0; kw < g.KW; kw++)
                                {
                                    var row = ih + kh * g.DH - padH;
                                    var column = iw + kw * g.DW - padW;
                                    if (row >= 0 && row < spreadH && column >= 0 && column < spreadW)
                                        sum += spread[row * spreadW + column] * w[g.K(o, c, g.KH - 1 - kh, g.KW - 1 - kw)];
                                }
                            dx[g.X(n, o / g.OG * g.CG + c, ih, iw)] += sum;
                        }
            }
        return dx;
    }
}
