namespace Conformance.Tests.Blind.Second;

internal sealed class Second12 : SecondEngine
{
    public override string Name => "second-12";

    protected override void MaxForward(float[] x, float[] y, int[] places, PoolPlan p)
    {
        var rows = p.H + 2 * p.Ph;
        var columns = p.W + 2 * p.Pw;
        var padded = new float[rows * columns];
        for (var plane = 0; plane < p.Planes; plane++)
        {
            Array.Fill(padded, float.NegativeInfinity);
            for (var h = 0; h < p.H; h++)
                Array.Copy(x, (plane * p.H + h) * p.W, padded, (h + p.Ph) * columns + p.Pw, p.W);
            for (var oh = 0; oh < p.Oh; oh++)
                for (var ow = 0; ow < p.Ow; ow++)
                {
                    var best = float.NegativeInfinity;
                    var place = -1;
                    for (var i = oh * p.Sh; i <= oh * p.Sh + (p.Kh - 1) * p.Dh; i += p.Dh)
                        for (var j = ow * p.Sw; j <= ow * p.Sw + (p.Kw - 1) * p.Dw; j += p.Dw)
                        {
                            if (i < p.Ph || i >= p.Ph + p.H || j < p.Pw || j >= p.Pw + p.W)
                                continue;
                            var value = padded[i * columns + j];
                            if (place < 0 || value > best || float.IsNaN(value))
                                (best, place) = (value, i * columns + j);
                        }
                    y[(plane * p.Oh + oh) * p.Ow + ow] = best;
                    places[(plane * p.Oh + oh) * p.Ow + ow] = place;
                }
        }
    }

    protected override float[] MaxBackward(float[] x, float[] y, float[] dy, int[] places, PoolPlan p)
    {
        var columns = p.W + 2 * p.Pw;
        var padded = new float[(p.H + 2 * p.Ph) * columns];
        var dx = new float[p.Planes * p.H * p.W];
        for (var plane = 0; plane < p.Planes; plane++)
        {
            Array.Clear(padded);
            for (var k = plane * p.Oh * p.Ow; k < (plane + 1) * p.Oh * p.Ow; k++)
                if (places[k] >= 0)
                    padded[places[k]] += dy[k];
            for (var h = 0; h < p.H; h++)
                for (var v = 0; v < p.W; v++)
                    dx[(plane * p.H + h) * p.W + v] = padded[(h + p.Ph) * columns + v + p.Ph];
        }
        return dx;
    }
}
