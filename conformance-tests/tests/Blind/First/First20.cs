namespace Conformance.Tests.Blind.First;

internal sealed class First20 : FirstEngine
{
    public override string Name => "first-20";

    private const int Lanes = 4;

    protected override float[] ConvForward(FirstConv g, float[] x, float[] w, float[]? b)
    {
        var y = new float[g.N * g.O * g.OH * g.OW];
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
                for (var oh = 0; oh < g.OH; oh++)
                {
                    var row = y.AsSpan(g.Y(n, o, oh, 0), g.OW);
                    row.Fill(b?[o] ?? 0);
                    for (var c = 0; c < g.CG; c++)
                        for (var kh = 0; kh < g.KH; kh++)
                        {
                            var ih = oh * g.SH + kh * g.DH - g.Top;
                            if (ih < 0 || ih >= g.H)
                                continue;
                            var source = x.AsSpan(g.X(n, o / g.OG * g.CG + c, ih, 0), g.W);
                            for (var kw = 0; kw < g.KW; kw++)
                                AddRow(row, source, w[g.K(o, c, kh, kw)], g.SW, kw * g.DW - g.Left);
                        }
                }
        return y;
    }

    private static void AddRow(Span<float> row, ReadOnlySpan<float> source, float factor, int stride, int offset)
    {
        if (row.Length < Lanes)
        {
            AddBlock(row, source, factor, stride, offset);
            return;
        }
        var at = 0;
        for (; at + Lanes <= row.Length; at += Lanes)
            AddBlock(row.Slice(at, Lanes), source, factor, stride, at * stride + offset);
        if (at < row.Length)
        {
            at = row.Length - Lanes;
            AddBlock(row.Slice(at, Lanes), source, factor, stride, at * stride + offset);
        }
    }

    private static void AddBlock(Span<float> block, ReadOnlySpan<float> source, float factor, int stride, int from)
    {
        for (var lane = 0; lane < block.Length; lane++)
        {
            var i = from + lane * stride;
            if (i >= 0 && i < source.Length)
                block[lane] += factor * source[i];
        }
    }
}
