using System.Buffers;

namespace Conformance.Tests.Blind.First;

internal sealed class First24 : FirstEngine
{
    public override string Name => "first-24";

    protected override float[] AvgPoolBackward(FirstPool g, float[] dy)
    {
        var size = g.Planes * g.H * g.W;
        var buffer = ArrayPool<float>.Shared.Rent(size);
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
                            buffer[(plane * g.H + ih) * g.W + iw] += share;
                }
        var dx = buffer[..size];
        ArrayPool<float>.Shared.Return(buffer);
        return dx;
    }
}
