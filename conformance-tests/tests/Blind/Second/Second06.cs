namespace Conformance.Tests.Blind.Second;

internal sealed class Second06 : SecondEngine
{
    public override string Name => "second-06";

    protected override float[] ConvInputGradient(float[] w, float[] dy, ConvPlan p)
    {
        var rows = (p.Oh - 1) * p.Sh + p.Dh * (p.Kh - 1) + 1 - p.Top - p.Bottom;
        var columns = (p.Ow - 1) * p.Sw + p.Dw * (p.Kw - 1) + 1 - p.Left - p.Right;
        var dx = new float[p.N * p.C * p.H * p.W];
        for (var n = 0; n < p.N; n++)
            for (var o = 0; o < p.O; o++)
                for (var c = 0; c < p.CPerGroup; c++)
                {
                    var channel = o / p.OPerGroup * p.CPerGroup + c;
                    for (var oh = 0; oh < p.Oh; oh++)
                        for (var ow = 0; ow < p.Ow; ow++)
                            for (var i = 0; i < p.Kh; i++)
                                for (var j = 0; j < p.Kw; j++)
                                {
                                    var h = oh * p.Sh + i * p.Dh - p.Top;
                                    var v = ow * p.Sw + j * p.Dw - p.Left;
                                    if (h >= 0 && h < rows && v >= 0 && v < columns)
                                        dx[p.X(n, channel, h, v)] += dy[p.Y(n, o, oh, ow)] * w[p.K(o, c, i, j)];
                                }
                }
        return dx;
    }
}
