namespace Conformance.Tests.Blind.Second;

internal sealed class Second02 : SecondEngine
{
    public override string Name => "second-02";

    protected override float[] ConvWeightGradient(float[] x, float[] dy, ConvPlan p)
    {
        var dw = new float[p.O * p.CPerGroup * p.Kh * p.Kw];
        for (var n = 0; n < p.N; n++)
            for (var o = 0; o < p.O; o++)
                for (var c = 0; c < p.CPerGroup; c++)
                {
                    var channel = o / p.OPerGroup * p.CPerGroup + c;
                    for (var i = 0; i < p.Kh; i++)
                        for (var j = 0; j < p.Kw; j++)
                            for (var oh = 0; oh < p.Oh; oh++)
                                for (var ow = 0; ow < p.Ow; ow++)
                                {
                                    var ih = i * p.Sh + oh * p.Dh - p.Top;
                                    var iw = j * p.Sw + ow * p.Dw - p.Left;
                                    if (ih >= 0 && ih < p.H && iw >= 0 && iw < p.W)
                                        dw[p.K(o, c, i, j)] += x[p.X(n, channel, ih, iw)] * dy[p.Y(n, o, oh, ow)];
                                }
                }
        return dw;
    }
}
