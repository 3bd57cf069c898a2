namespace Conformance.Tests.Blind.Second;

internal sealed class Second18 : SecondEngine
{
    public override string Name => "second-18";

    protected override float[] AdaptiveBackward(float[] dy, int planes, int h, int w, int oh, int ow)
    {
        var ratio = (float)(oh * ow) / (h * w);
        var dx = new float[planes * h * w];
        for (var plane = 0; plane < planes; plane++)
            for (var r = 0; r < oh; r++)
                for (var q = 0; q < ow; q++)
                {
                    var g = dy[(plane * oh + r) * ow + q] * ratio;
                    var (top, bottom) = Bin(r, h, oh);
                    var (left, right) = Bin(q, w, ow);
                    for (var i = top; i < bottom; i++)
                        for (var j = left; j < right; j++)
                            dx[(plane * h + i) * w + j] += g;
                }
        return dx;
    }
}
