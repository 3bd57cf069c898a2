using Conformance.Oracle;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>Small engines of other forms, each a few loops over float32 numbers that know nothing of the suite's translation.</summary>
internal static class Rows
{
    /// <summary>y = x·W + b with W [in, out]. It answers dW as [in, out] too.</summary>
    public static LayerResult LinearInOut(LayerCase asked)
    {
        var (x, w, dy) = (asked.Input("input"), asked.Input("weight"), asked.Cotangents["output"]);
        var (rows, inputs, outputs) = (x.Shape[0], x.Shape[1], w.Shape[1]);
        var (y, dx, dw, db) = (new float[rows * outputs], new float[rows * inputs], new float[inputs * outputs], new float[outputs]);
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outputs; o++)
            {
                for (var i = 0; i < inputs; i++)
                {
                    y[n * outputs + o] += (float)x[n * inputs + i] * (float)w[i * outputs + o];
                    dx[n * inputs + i] += (float)dy[n * outputs + o] * (float)w[i * outputs + o];
                    dw[i * outputs + o] += (float)x[n * inputs + i] * (float)dy[n * outputs + o];
                }
                db[o] += (float)dy[n * outputs + o];
                if (asked.Inputs.TryGetValue("bias", out var b))
                    y[n * outputs + o] += (float)b[o];
            }
        return Result(
            Tensor([rows, outputs], y), ("input", Tensor([rows, inputs], dx)),
            ("weight", Tensor([inputs, outputs], dw)), ("bias", Tensor([outputs], db)));
    }

    /// <summary>One layer for linear, softmax and cross entropy; no class weights, no ignored class, no smoothing.</summary>
    public static LayerResult Fused(LayerCase asked)
    {
        if (asked.Op != "linear_cross_entropy" || asked.Inputs.ContainsKey("class_weight") || asked.Attributes.Number("label_smoothing") != 0)
            throw new NotSupportedException("a plain fused layer alone");
        var (x, w, b, target) = (asked.Input("input"), asked.Input("weight"), asked.Input("bias"), asked.Input("target"));
        var (rows, inputs, classes, reduction) = (x.Shape[0], x.Shape[1], w.Shape[0], asked.Attributes.Text("reduction"));
        if (target.Length != rows)
            throw new ArgumentException("each row needs a target");
        var (losses, dx, dw, db) = (new double[rows], new double[x.Length], new double[w.Length], new double[classes]);
        for (var n = 0; n < rows; n++)
        {
            if (target[n] == asked.Attributes.Int("ignore_index"))
                throw new NotSupportedException("no class is ignored");
            if (target[n] < 0 || target[n] >= classes)
                throw new ArgumentException("a target is no class");
            var logits = Enumerable.Range(0, classes)
                .Select(c => b[c] + Enumerable.Range(0, inputs).Sum(i => x[n * inputs + i] * w[c * inputs + i]))
                .ToArray();
            var sum = logits.Sum(logit => Math.Exp(logit - logits.Max()));
            losses[n] = logits.Max() + Math.Log(sum) - logits[(int)target[n]];
            var scale = reduction switch { "none" => asked.Cotangents["output"][n], "mean" => 1.0 / rows, _ => 1 };
            for (var c = 0; c < classes; c++)
            {
                var g = scale * (Math.Exp(logits[c] - logits.Max()) / sum - (c == (int)target[n] ? 1 : 0));
                db[c] += g;
                for (var i = 0; i < inputs; i++)
                {
                    dx[n * inputs + i] += g * w[c * inputs + i];
                    dw[c * inputs + i] += g * x[n * inputs + i];
                }
            }
        }
        var loss = reduction == "none" ? new Tensor64([rows], losses) : Tensor64.Scalar(losses.Sum() / (reduction == "mean" ? rows : 1));
        return Rounded(Result(loss, ("input", new(x.Shape, dx)), ("weight", new(w.Shape, dw)), ("bias", new(b.Shape, db))));
    }

    /// <summary>Images [N, H, W, C] and kernels [kh, kw, in, out], dense and not dilated.</summary>
    public static LayerResult ConvolutionNhwc(LayerCase asked)
    {
        var (stride, pad) = (asked.Attributes.Ints("stride", 2), asked.Attributes.Ints("padding", 4));
        if (asked.Refused is not null || asked.Attributes.Int("groups") != 1 || asked.Attributes.Ints("dilation", 2) is not [1, 1])
            throw new NotSupportedException("dense kernels alone");
        var (x, w, dy) = (asked.Input("input"), asked.Input("weight"), asked.Cotangents["output"]);
        var (dx, dw, y, db) = (new float[x.Length], new float[w.Length], new float[dy.Length], new float[w.Shape[3]]);
        for (var flat = 0; flat < dy.Length; flat++)
        {
            var at = dy.IndexOf(flat);
            var (n, oh, ow, o) = (at[0], at[1], at[2], at[3]);
            for (var k = 0; k < w.Length; k++)
            {
                var tap = w.IndexOf(k);
                var (h, v) = (oh * stride[0] + tap[0] - pad[0], ow * stride[1] + tap[1] - pad[2]);
                if (tap[3] != o || h < 0 || h >= x.Shape[1] || v < 0 || v >= x.Shape[2])
                    continue;
                var i = x.FlatOf([n, h, v, tap[2]]);
                y[flat] += (float)x[i] * (float)w[k];
                dx[i] += (float)dy[flat] * (float)w[k];
                dw[k] += (float)dy[flat] * (float)x[i];
            }
            db[o] += (float)dy[flat];
            if (asked.Inputs.TryGetValue("bias", out var b))
                y[flat] += (float)b[o];
        }
        return Result(Tensor(dy.Shape, y), ("input", Tensor(x.Shape, dx)), ("weight", Tensor(w.Shape, dw)), ("bias", Tensor([w.Shape[3]], db)));
    }

    /// <summary>The four paddings of TensorFlow's word, for images [N, H, W, C] and kernels [kh, kw, in, out].</summary>
    public static int[] Sides(LayerCase asked)
    {
        if (asked.Attributes.Text("padding") == "VALID")
            return [0, 0, 0, 0];
        var (x, w, stride, dilation) = (
            asked.Input("input"), asked.Input("weight"), asked.Attributes.Ints("stride", 2), asked.Attributes.Ints("dilation", 2));
        return [.. Enumerable.Range(0, 2).SelectMany(axis =>
        {
            var outputs = (int)Math.Ceiling(x.Shape[1 + axis] / (double)stride[axis]);
            var total = Math.Max((outputs - 1) * stride[axis] + (w.Shape[axis] - 1) * dilation[axis] + 1 - x.Shape[1 + axis], 0);
            return new[] { total / 2, total - total / 2 };
        })];
    }

    /// <summary>Whole images alone, from [N, C, H, W] or [N, H, W, C], to rows with the channels fastest.</summary>
    public static LayerResult FlattenChannelsLast(LayerCase asked, bool nhwc)
    {
        if (asked.Attributes.Int("start_dim") != 1 || asked.Attributes.Int("end_dim") != 3)
            throw new NotSupportedException("whole images alone");
        var (x, dy) = (asked.Input("input"), asked.Cotangents["output"]);
        var (n, c, h, w) = nhwc ? (x.Shape[0], x.Shape[3], x.Shape[1], x.Shape[2]) : (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        var (y, dx) = (new double[x.Length], new double[x.Length]);
        for (var (image, flat) = (0, 0); image < n; image++)
            for (var row = 0; row < h; row++)
                for (var column = 0; column < w; column++)
                    for (var channel = 0; channel < c; channel++, flat++)
                    {
                        var at = nhwc ? flat : ((image * c + channel) * h + row) * w + column;
                        (y[flat], dx[at]) = (x[at], dy[flat]);
                    }
        return Result(new([n, c * h * w], y), ("input", new(x.Shape, dx)));
    }

    public static LayerResult Result(Tensor64 output, params (string Name, Tensor64 Tensor)[] gradients) =>
        new(new Dictionary<string, Tensor64> { ["output"] = output }, gradients.ToDictionary(pair => pair.Name, pair => pair.Tensor));

    public static LayerResult Rounded(LayerResult result) => result.Select((_, tensor) => tensor.Select(value => (float)value));

    private static Tensor64 Tensor(ReadOnlySpan<int> shape, float[] data) => new(shape, Array.ConvertAll(data, value => (double)value));
}
