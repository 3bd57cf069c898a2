using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult AdaptiveAvgPool2d(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var size = layerCase.Attributes.Ints("output_size", 2);
        Require(x.Rank == 4, "adaptive_avg_pool2d: input has four axes");
        Require(x.Shape[1] > 0 && x.Shape[2] > 0 && x.Shape[3] > 0, "adaptive_avg_pool2d: empty image");
        Require(size[0] >= 0 && size[1] >= 0, "adaptive_avg_pool2d: output_size must not be negative");
        var planes = x.Shape[0] * x.Shape[1];
        var y = AdaptiveForward(x.Data, planes, x.Shape[2], x.Shape[3], size[0], size[1]);
        var dx = AdaptiveBackward(Upstream(layerCase, y.Length), planes, x.Shape[2], x.Shape[3], size[0], size[1]);
        return Answer([x.Shape[0], x.Shape[1], size[0], size[1]], y, ("input", Grid.Wide(x.Shape, dx)));
    }

    protected virtual (int Start, int End) Bin(int i, int extent, int count) => (i * extent / count, ((i + 1) * extent + count - 1) / count);

    protected virtual float[] AdaptiveForward(float[] x, int planes, int h, int w, int oh, int ow)
    {
        var y = new float[planes * oh * ow];
        for (var plane = 0; plane < planes; plane++)
            for (var r = 0; r < oh; r++)
                for (var q = 0; q < ow; q++)
                {
                    var (top, bottom) = Bin(r, h, oh);
                    var (left, right) = Bin(q, w, ow);
                    var sum = 0f;
                    for (var i = top; i < bottom; i++)
                        for (var j = left; j < right; j++)
                            sum += x[(plane * h + i) * w + j];
                    y[(plane * oh + r) * ow + q] = sum / ((bottom - top) * (right - left));
                }
        return y;
    }

    protected virtual float[] AdaptiveBackward(float[] dy, int planes, int h, int w, int oh, int ow)
    {
        var dx = new float[planes * h * w];
        for (var plane = 0; plane < planes; plane++)
            for (var r = 0; r < oh; r++)
                for (var q = 0; q < ow; q++)
                {
                    var (top, bottom) = Bin(r, h, oh);
                    var (left, right) = Bin(q, w, ow);
                    var share = dy[(plane * oh + r) * ow + q] / ((bottom - top) * (right - left));
                    for (var i = top; i < bottom; i++)
                        for (var j = left; j < right; j++)
                            dx[(plane * h + i) * w + j] += share;
                }
        return dx;
    }
}
