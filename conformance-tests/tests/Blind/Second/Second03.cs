namespace Conformance.Tests.Blind.Second;

internal sealed class Second03 : SecondEngine
{
    public override string Name => "second-03";

    protected override float[] ConvForward(float[] x, float[] w, float[]? b, ConvPlan p)
    {
        var y = new float[p.N * p.O * p.Oh * p.Ow];
        if (b is not null)
            for (var n = 0; n < p.N; n++)
                for (var o = 0; o < p.O; o++)
                    Array.Fill(y, b[o], p.Y(n, o, 0, 0), p.Oh * p.Ow);
        Visit(p, (at, tap, to) => y[to] += x[at] * w[tap]);
        return y;
    }

    protected override float[] ConvWeightGradient(float[] x, float[] dy, ConvPlan p)
    {
        var dw = new float[p.O * p.CPerGroup * p.Kh * p.Kw];
        Visit(p, (at, tap, to) => dw[tap] += x[at] * dy[to]);
        return dw;
    }

    protected override float[] ConvInputGradient(float[] w, float[] dy, ConvPlan p)
    {
        var dx = new float[p.N * p.C * p.H * p.W];
        Visit(p, (at, tap, to) => dx[at] += w[tap] * dy[to]);
        return dx;
    }

    private static void Visit(ConvPlan p, Action<int, int, int> visit)
    {
        for (var n = 0; n < p.N; n++)
            for (var o = 0; o < p.O; o++)
            {
                var group = o % p.Groups;
                for (var c = 0; c < p.CPerGroup; c++)
                    for (var oh = 0; oh < p.Oh; oh++)
                        for (var ow = 0; ow < p.Ow; ow++)
                            for (var i = 0; i < p.Kh; i++)
                                for (var j = 0; j < p.Kw; j++)
                                {
                                    var ih = oh * p.Sh + i * p.Dh - p.Top;
                                    var iw = ow * p.Sw + j * p.Dw - p.Left;
                                    if (ih >= 0 && ih < p.H && iw >= 0 && iw < p.W)
                                        visit(p.X(n, group * p.CPerGroup + c, ih, iw), p.K(o, c, i, j), p.Y(n, o, oh, ow));
                                }
            }
    }
}
