namespace Conformance.Tests.Blind.Second;

internal sealed class Second05 : SecondEngine
{
    public override string Name => "second-05";

    protected override float[] ConvForward(float[] x, float[] w, float[]? b, ConvPlan p)
    {
        var y = new float[p.N * p.O * p.Oh * p.Ow];
        Patches(p, (n, group, oh, ow, places) =>
        {
            for (var o = group * p.OPerGroup; o < (group + 1) * p.OPerGroup; o++)
            {
                var sum = b is null ? 0 : b[o];
                for (var k = 0; k < places.Length; k++)
                    if (places[k] >= 0)
                        sum += x[places[k]] * w[o * places.Length + k];
                y[p.Y(n, o, oh, ow)] = sum;
            }
        });
        return y;
    }

    protected override float[] ConvWeightGradient(float[] x, float[] dy, ConvPlan p)
    {
        var dw = new float[p.O * p.CPerGroup * p.Kh * p.Kw];
        Patches(p, (n, group, oh, ow, places) =>
        {
            for (var o = group * p.OPerGroup; o < (group + 1) * p.OPerGroup; o++)
                for (var k = 0; k < places.Length; k++)
                    if (places[k] >= 0)
                        dw[o * places.Length + k] += x[places[k]] * dy[p.Y(n, o, oh, ow)];
        });
        return dw;
    }

    protected override float[] ConvInputGradient(float[] w, float[] dy, ConvPlan p)
    {
        var dx = new float[p.N * p.C * p.H * p.W];
        Patches(p, (n, group, oh, ow, places) =>
        {
            for (var o = group * p.OPerGroup; o < (group + 1) * p.OPerGroup; o++)
                for (var k = 0; k < places.Length; k++)
                    if (places[k] >= 0)
                        dx[places[k]] += w[o * places.Length + k] * dy[p.Y(n, o, oh, ow)];
        });
        return dx;
    }

    private static void Patches(ConvPlan p, Action<int, int, int, int, int[]> visit)
    {
        var places = new int[p.Kh * p.Kw * p.CPerGroup];
        for (var n = 0; n < p.N; n++)
            for (var group = 0; group < p.Groups; group++)
                for (var oh = 0; oh < p.Oh; oh++)
                    for (var ow = 0; ow < p.Ow; ow++)
                    {
                        var k = 0;
                        for (var i = 0; i < p.Kh; i++)
                            for (var j = 0; j < p.Kw; j++)
                                for (var c = 0; c < p.CPerGroup; c++)
                                {
                                    var ih = oh * p.Sh + i * p.Dh - p.Top;
                                    var iw = ow * p.Sw + j * p.Dw - p.Left;
                                    var inside = ih >= 0 && ih < p.H && iw >= 0 && iw < p.W;
                                    places[k++] = inside ? p.X(n, group * p.CPerGroup + c, ih, iw) : -1;
                                }
                        visit(n, group, oh, ow, places);
                    }
    }
}
