using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult AdaptiveAvgPool2d(LayerCase layerCase)
    {
        var x = Shape(layerCase, "input", 4);
        var size = layerCase.Attributes.Ints("output_size", 2);
        if (size.Min() < 1 || x[2] < 1 || x[3] < 1)
            throw new ArgumentException("extents must be positive");
        var y = AdaptiveForward(x[0] * x[1], x[2], x[3], size[0], size[1], Floats(layerCase.Input("input")));
        var dx = AdaptiveBackward(x[0] * x[1], x[2], x[3], size[0], size[1], Cotangent(layerCase));
        return Result(Tensor([x[0], x[1], .. size], y), Tensor(x, dx));
    }

    protected virtual (int Start, int End) Bin(int i, int extent, int bins) => (i * extent / bins, ((i + 1) * extent + bins - 1) / bins);

    protected virtual float[] AdaptiveForward(int planes, int h, int w, int oh, int ow, float[] x)
    {
        var y = new float[planes * oh * ow];
        for (var at = 0; at < y.Length; at++)
        {
            var plane = at / (oh * ow);
            var (top, bottom) = Bin(at / ow % oh, h, oh);
            var (left, right) = Bin(at % ow, w, ow);
            var sum = 0f;
            for (var ih = top; ih < bottom; ih++)
                for (var iw = left; iw < right; iw++)
                    sum += x[(plane * h + ih) * w + iw];
            y[at] = sum / ((bottom - top) * (right - left));
        }
        return y;
    }

    protected virtual float[] AdaptiveBackward(int planes, int h, int w, int oh, int ow, float[] dy)
    {
        var dx = new float[planes * h * w];
        for (var at = 0; at < dy.Length; at++)
        {
            var plane = at / (oh * ow);
            var (top, bottom) = Bin(at / ow % oh, h, oh);
            var (left, right) = Bin(at % ow, w, ow);
            for (var ih = top; ih < bottom; ih++)
                for (var iw = left; iw < right; iw++)
                    dx[(plane * h + ih) * w + iw] += dy[at] / ((bottom - top) * (right - left));
        }
        return dx;
    }
}
