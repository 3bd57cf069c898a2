namespace Conformance.Tests.Blind.First;

internal sealed class First15 : FirstEngine
{
    public override string Name => "first-15";

    protected override float[] AvgPoolForward(FirstPool g, float[] x)
    {
        var y = new float[g.Planes * g.OH * g.OW];
        ForEachWindow(g, (at, top, bottom, left, right, divisor) =>
        {
            var sum = 0f;
            for (var row = top; row < bottom; row++)
                for (var i = row * g.W + left; i < row * g.W + right; i++)
                    sum += x[i];
            y[at] = sum / divisor;
        });
        return y;
    }

    protected override float[] AvgPoolBackward(FirstPool g, float[] dy)
    {
        var dx = new float[g.Planes * g.H * g.W];
        ForEachWindow(g, (at, top, bottom, left, right, divisor) =>
        {
            for (var row = top; row < bottom; row++)
                for (var i = row * g.W + left; i < row * g.W + right; i++)
                    dx[i] += dy[at] / divisor;
        });
        return dx;
    }

    private static void ForEachWindow(FirstPool g, Action<int, int, int, int, int, int> visit)
    {
        var at = 0;
        for (var plane = 0; plane < g.Planes; plane++)
            for (var oh = 0; oh < g.OH; oh++)
                for (var ow = 0; ow < g.OW; ow++, at++)
                {
                    var top = Math.Max(oh * g.SH - g.PH, 0);
                    var left = Math.Max(ow * g.SW - g.PW, 0);
                    var bottom = Math.Min(oh * g.SH - g.PH + g.KH, g.H);
                    var right = Math.Min(ow * g.SW - g.PW + g.KW, g.W);
                    var divisor = g.CountPadding ? g.KH * g.KW : (bottom - top) * (right - left);
                    visit(at, plane * g.H + top, plane * g.H + bottom, left, right, divisor);
                }
    }
}
