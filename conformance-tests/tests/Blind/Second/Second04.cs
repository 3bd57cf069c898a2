namespace Conformance.Tests.Blind.Second;

internal sealed class Second04 : SecondEngine
{
    public override string Name => "second-04";

    protected override float[] ConvInputGradient(float[] w, float[] dy, ConvPlan p)
    {
        var dx = new float[p.N * p.C * p.H * p.W];
        for (var n = 0; n < p.N; n++)
            for (var c = 0; c < p.C; c++)
                for (var h = 0; h < p.H; h++)
                    for (var v = 0; v < p.W; v++)
                        dx[p.X(n, c, h, v)] = Gather(w, dy, p, n, c, h, v);
        return dx;
    }

    protected override float[]? ConvBiasGradient(float[] dy, ConvPlan p) => null;

    private static float Gather(float[] w, float[] dy, ConvPlan p, int n, int c, int h, int v)
    {
        var sum = 0f;
        var group = c / p.CPerGroup;
        for (var i = 0; i < p.Kh; i++)
            for (var j = 0; j < p.Kw; j++)
            {
                var row = h + p.Top - i * p.Dh;
                var column = v + p.Left - j * p.Dw;
                if (row < 0 || column < 0 || row % p.Sh != 0 || column % p.Sh != 0)
                    continue;
                var oh = row / p.Sh;
                var ow = column / p.Sh;
                if (oh >= p.Oh || ow >= p.Ow)
                    continue;
                for (var o = group * p.OPerGroup; o < (group + 1) * p.OPerGroup; o++)
                    sum += w[p.K(o, c % p.CPerGroup, i, j)] * dy[p.Y(n, o, oh, ow)];
            }
        return sum;
    }
}
