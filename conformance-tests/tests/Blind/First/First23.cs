namespace Conformance.Tests.Blind.First;

internal sealed class First23 : FirstEngine
{
    public override string Name => "first-23";

    protected override (float[] Y, int[] From) MaxPoolForward(FirstPool g, float[] x)
    {
        var (height, width) = (g.H + 2 * g.PH + g.KH * g.DH + g.SH, g.W + 2 * g.PW);
        var y = new float[g.Planes * g.OH * g.OW];
        var from = new int[y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var plane = i / (g.OH * g.OW);
            var (top, left) = (i / g.OW % g.OH * g.SH, i % g.OW * g.SW);
            var found = false;
            for (var r = top; r < Math.Min(top + g.KH * g.DH, height); r += g.DH)
                for (var c = left; c < Math.Min(left + g.KW * g.DW, width); c += g.DW)
                {
                    if (r < g.PH || r >= g.PH + g.H || c < g.PW || c >= g.PW + g.W)
                        continue;
                    var value = x[(plane * g.H + r - g.PH) * g.W + c - g.PW];
                    if (found && !(value > y[i]) && !float.IsNaN(value))
                        continue;
                    y[i] = value;
                    from[i] = r * width + c;
                    found = true;
                }
        }
        return (y, from);
    }

    protected override float[] MaxPoolBackward(FirstPool g, float[] x, float[] y, int[] from, float[] dy)
    {
        var dx = new float[x.Length];
        for (var i = 0; i < dy.Length; i++)
        {
            var plane = i / (g.OH * g.OW);
            var (row, column) = (from[i] / g.W - g.PH, from[i] % g.W - g.PW);
            if (row >= 0 && row < g.H && column >= 0 && column < g.W)
                dx[(plane * g.H + row) * g.W + column] += dy[i];
        }
        return dx;
    }
}
