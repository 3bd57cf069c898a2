using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult AvgPool2d(LayerCase layerCase)
    {
        var g = PoolGeometry(layerCase, PoolExtent);
        var y = AvgPoolForward(g, Floats(layerCase.Input("input")));
        var dx = AvgPoolBackward(g, Cotangent(layerCase));
        return Result(Tensor([g.N, g.C, g.OH, g.OW], y), Tensor([g.N, g.C, g.H, g.W], dx));
    }

    /// <summary>A window's rows or columns inside the input, and its extent inside the padded input.</summary>
    protected static (int Start, int End, int Padded) Window(int i, int stride, int padding, int kernel, int extent)
    {
        var start = i * stride - padding;
        var end = Math.Min(start + kernel, extent + padding);
        return (Math.Max(start, 0), Math.Min(end, extent), end - start);
    }

    protected virtual float[] AvgPoolForward(FirstPool g, float[] x)
    {
        var y = new float[g.Planes * g.OH * g.OW];
        var at = 0;
        for (var plane = 0; plane < g.Planes; plane++)
            for (var oh = 0; oh < g.OH; oh++)
                for (var ow = 0; ow < g.OW; ow++)
                {
                    var (top, bottom, height) = Window(oh, g.SH, g.PH, g.KH, g.H);
                    var (left, right, width) = Window(ow, g.SW, g.PW, g.KW, g.W);
                    var sum = 0f;
                    for (var ih = top; ih < bottom; ih++)
                        for (var iw = left; iw < right; iw++)
                            sum += x[(plane * g.H + ih) * g.W + iw];
                    y[at++] = sum / (g.CountPadding ? height * width : (bottom - top) * (right - left));
                }
        return y;
    }

    protected virtual float[] AvgPoolBackward(FirstPool g, float[] dy)
    {
        var dx = new float[g.Planes * g.H * g.W];
        var at = 0;
        for (var plane = 0; plane < g.Planes; plane++)
            for (var oh = 0; oh < g.OH; oh++)
                for (var ow = 0; ow < g.OW; ow++)
                {
                    var (top, bottom, height) = Window(oh, g.SH, g.PH, g.KH, g.H);
                    var (left, right, width) = Window(ow, g.SW, g.PW, g.KW, g.W);
                    var share = dy[at++] / (g.CountPadding ? height * width : (bottom - top) * (right - left));
                    for (var ih = top; ih < bottom; ih++)
                        for (var iw = left; iw < right; iw++)
                            dx[(plane * g.H + ih) * g.W + iw] += share;
                }
        return dx;
    }
}
