namespace Conformance.Tests.Blind.Second;

internal sealed class Second07 : SecondEngine
{
    public override string Name => "second-07";

    private float[] _columns = [];

    protected override float[] ConvForward(float[] x, float[] w, float[]? b, ConvPlan p)
    {
        var y = new float[p.N * p.O * p.Oh * p.Ow];
        var taps = p.CPerGroup * p.Kh * p.Kw;
        var places = p.Oh * p.Ow;
        for (var n = 0; n < p.N; n++)
            for (var group = 0; group < p.Groups; group++)
            {
                Unfold(x, n, group, p);
                for (var o = group * p.OPerGroup; o < (group + 1) * p.OPerGroup; o++)
                    for (var k = 0; k < places; k++)
                    {
                        var sum = b is null ? 0 : b[o];
                        for (var tap = 0; tap < taps; tap++)
                            sum += w[o * taps + tap] * _columns[tap * places + k];
                        y[(n * p.O + o) * places + k] = sum;
                    }
            }
        return y;
    }

    protected override float[] ConvWeightGradient(float[] x, float[] dy, ConvPlan p)
    {
        var taps = p.CPerGroup * p.Kh * p.Kw;
        var places = p.Oh * p.Ow;
        var dw = new float[p.O * taps];
        for (var n = 0; n < p.N; n++)
            for (var group = 0; group < p.Groups; group++)
            {
                Unfold(x, n, group, p);
                for (var o = group * p.OPerGroup; o < (group + 1) * p.OPerGroup; o++)
                    for (var tap = 0; tap < taps; tap++)
                        for (var k = 0; k < places; k++)
                            dw[o * taps + tap] += dy[(n * p.O + o) * places + k] * _columns[tap * places + k];
            }
        return dw;
    }

    protected override float[] ConvInputGradient(float[] w, float[] dy, ConvPlan p)
    {
        var taps = p.CPerGroup * p.Kh * p.Kw;
        var places = p.Oh * p.Ow;
        var dx = new float[p.N * p.C * p.H * p.W];
        for (var n = 0; n < p.N; n++)
            for (var group = 0; group < p.Groups; group++)
            {
                for (var tap = 0; tap < taps; tap++)
                    for (var k = 0; k < places; k++)
                    {
                        var sum = 0f;
                        for (var o = group * p.OPerGroup; o < (group + 1) * p.OPerGroup; o++)
                            sum += w[o * taps + tap] * dy[(n * p.O + o) * places + k];
                        _columns[tap * places + k] = sum;
                    }
                Inside(n, group, p, (at, column) => dx[at] += _columns[column]);
            }
        return dx;
    }

    private void Unfold(float[] x, int n, int group, ConvPlan p)
    {
        var size = p.CPerGroup * p.Kh * p.Kw * p.Oh * p.Ow;
        if (_columns.Length != size)
            _columns = new float[size];
        Inside(n, group, p, (at, column) => _columns[column] = x[at]);
    }

    private static void Inside(int n, int group, ConvPlan p, Action<int, int> visit)
    {
        for (var c = 0; c < p.CPerGroup; c++)
            for (var i = 0; i < p.Kh; i++)
                for (var j = 0; j < p.Kw; j++)
                    for (var oh = 0; oh < p.Oh; oh++)
                        for (var ow = 0; ow < p.Ow; ow++)
                        {
                            var ih = oh * p.Sh + i * p.Dh - p.Top;
                            var iw = ow * p.Sw + j * p.Dw - p.Left;
                            if (ih >= 0 && ih < p.H && iw >= 0 && iw < p.W)
                                visit(p.X(n, group * p.CPerGroup + c, ih, iw), (((c * p.Kh + i) * p.Kw + j) * p.Oh + oh) * p.Ow + ow);
                        }
    }
}
